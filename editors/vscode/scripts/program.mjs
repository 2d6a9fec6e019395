// Copies the program that SECONDCALL_BINARY names into bin/, for a package of one platform. If it is not set, the
// package contains no program.

import { chmodSync, copyFileSync, mkdirSync, rmSync } from 'node:fs';

rmSync('bin', { recursive: true, force: true });
const program = process.env.SECONDCALL_BINARY;
if (program) {
  const name = program.endsWith('.exe') ? 'bin/secondcall.exe' : 'bin/secondcall';
  mkdirSync('bin');
  copyFileSync(program, name);
  chmodSync(name, 0o755);
}
