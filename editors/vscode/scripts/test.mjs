// Runs the tests under Node, without an editor: `vscode` is the stub in test/stub.

import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const out = mkdtempSync(path.join(tmpdir(), 'secondcall-vscode-'));
try {
  await build({
    entryPoints: readdirSync('test').filter((file) => file.endsWith('.test.ts')).map((file) => `test/${file}`),
    outdir: out,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    alias: { vscode: './test/stub/vscode.cjs' },
    logLevel: 'warning',
  });
  const tests = readdirSync(out).map((file) => path.join(out, file));
  const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--test', '--test-reporter=spec', ...tests], {
    stdio: 'inherit',
    timeout: 120_000,
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
