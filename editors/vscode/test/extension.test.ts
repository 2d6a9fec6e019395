// The whole extension, with stubs of the program and the editor.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ExtensionContext } from 'vscode';
import * as vscode from 'vscode';
import { ASK_REASON, PALETTE } from '../src/commands/ids';
import { activate, deactivate } from '../src/extension';

interface Record {
  commands: Map<string, (...args: unknown[]) => unknown>;
  contents: Map<string, { provideTextDocumentContent(uri: unknown, token: unknown): Promise<string> }>;
  executed: unknown[][];
  errors: string[];
  status: { text?: string | undefined };
  settings: { [name: string]: unknown };
  trusted: boolean;
  log: string[];
  input: string | undefined;
  asked: { title: string; validateInput(text: string): string | undefined };
  offered: { label: string; detail: string }[];
  configuration: { fire(change: unknown): void };
  trust: { fire(value: unknown): void };
}

const { record } = vscode as unknown as { record: Record };
const program = path.resolve('test/stub/secondcall');

describe('the extension', { skip: process.platform === 'win32' }, () => {
  let folder: string;
  let context: ExtensionContext;

  const received = (method: string): { params: any }[] =>
    readFileSync(path.join(folder, 'received'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { method: string; params: unknown })
      .filter((message) => message.method === method);

  const until = async (what: string, holds: () => boolean): Promise<void> => {
    for (let waited = 0; !holds(); waited += 20) {
      assert.ok(waited < 10_000, `${what}; status: ${record.status.text}; log: ${record.log.join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  const start = (settings: { [name: string]: unknown }): void => {
    record.settings = settings;
    activate(context);
  };

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'secondcall-'));
    writeFileSync(path.join(folder, 'received'), '');
    process.env['STUB_LOG'] = path.join(folder, 'received');
    context = { subscriptions: [], extensionPath: folder } as unknown as ExtensionContext;
    record.status.text = undefined;
    Object.assign(record, { executed: [], errors: [], log: [], trusted: false, input: undefined });
  });

  afterEach(async () => {
    await deactivate();
    context.subscriptions.forEach((part) => void part.dispose());
    delete process.env['STUB_REFUSES'];
    rmSync(folder, { recursive: true, force: true });
  });

  it('registers its commands, and removes them', async () => {
    start({ path: program });
    const own = [...PALETTE, ASK_REASON].sort();
    assert.deepEqual([...record.commands.keys()].sort(), own);
    await until('the server runs', () => record.commands.has('secondcall.check'));
    await deactivate();
    assert.deepEqual([...record.commands.keys()].sort(), own);
    assert.equal(received('shutdown').length, 1);
    context.subscriptions.forEach((part) => void part.dispose());
    assert.deepEqual([...record.commands.keys()], []);
  });

  it('sends its settings to the server, and shows its status', async () => {
    start({ path: program, hosts: ['spin-p3'], dynamic: 'on' });
    await until('the status', () => record.status.text === '$(error) secondcall: 2 errors');
    const { initializationOptions, capabilities } = received('initialize')[0]?.params;
    assert.deepEqual(initializationOptions, { trusted: false, asksReason: true, hosts: ['spin-p3'], dynamic: 'on', tellsStatus: true });
    assert.ok(capabilities.workspace.textDocumentContent);
    assert.ok(capabilities.window.showDocument.support);
    assert.deepEqual(record.errors, []);
  });

  it('shows the texts of the server', async () => {
    start({ path: program });
    await until('the server runs', () => record.contents.has('secondcall-wat'));
    const uri = vscode.Uri.parse('secondcall-wat:/a/api.wasm/core0/func12.wat');
    const text = await record.contents.get('secondcall-wat')?.provideTextDocumentContent(uri, {});
    assert.equal(text, 'text of secondcall-wat:/a/api.wasm/core0/func12.wat');
  });

  it('starts the server again when trust is granted and when a setting changes', async () => {
    start({ path: program });
    await until('a start', () => received('initialized').length === 1);
    record.trusted = true;
    record.trust.fire(undefined);
    // When trust is granted, the editor also reports changed settings; none of them differs.
    record.configuration.fire({ affectsConfiguration: () => true });
    await until('a second start', () => received('initialized').length === 2);
    record.settings = { path: program, dynamic: 'on' };
    record.configuration.fire({ affectsConfiguration: (name: string) => name === 'secondcall.dynamic' });
    await until('a third start', () => received('initialized').length === 3);
    record.configuration.fire({ affectsConfiguration: (name: string) => name === 'secondcall.trace.server' });
    await deactivate();
    assert.deepEqual(received('initialize').map(({ params }) => [params.initializationOptions.trusted, params.initializationOptions.dynamic]), [
      [false, 'off'],
      [true, 'off'],
      [true, 'on'],
    ]);
    assert.equal(received('shutdown').length, 3);
  });

  it('asks for a reason, and lets the server record it', async () => {
    start({ path: program });
    await until('the server runs', () => record.commands.has('secondcall.accept'));
    const finding = { uri: 'file:///app.wasm', id: '29d844ab', rule: 'run_once_guard', export: 'wasi:cli/run' };
    await record.commands.get(ASK_REASON)?.(finding);
    assert.equal(received('workspace/executeCommand').length, 0, 'nothing is accepted if nothing was typed');
    record.input = ' called once ';
    await record.commands.get(ASK_REASON)?.(finding);
    assert.equal(record.asked.title, 'Accept run_once_guard wasi:cli/run');
    assert.ok(record.asked.validateInput(' '));
    assert.deepEqual(received('workspace/executeCommand').map(({ params }) => [params.command, params.arguments]), [
      ['secondcall.accept', [{ uri: 'file:///app.wasm', id: '29d844ab', reason: 'called once' }]],
    ]);
  });

  it('lets the user pick a rule, and checks everything again', async () => {
    start({ path: program });
    await until('the server runs', () => record.commands.has('secondcall.explain'));
    await record.commands.get('secondcall.explainRule')?.();
    assert.deepEqual(record.offered, [{ label: 'run_once_guard', description: 'single_shot', detail: 'It traps' }]);
    await record.commands.get('secondcall.checkWorkspace')?.();
    assert.deepEqual(received('workspace/executeCommand').map(({ params }) => [params.command, params.arguments]), [
      ['secondcall.explain', ['run_once_guard']],
      ['secondcall.check', []],
    ]);
  });

  it('restarts a server that crashed', async () => {
    start({ path: program });
    await until('the server runs', () => record.commands.has('secondcall.showText'));
    void record.commands.get('secondcall.showText')?.('secondcall-wat:/a');
    await until('a second start', () => received('initialized').length === 2);
    await until('the status', () => record.status.text === '$(error) secondcall: 2 errors');
    assert.deepEqual(record.errors, []);
  });

  it('reports once that there is no program', async () => {
    start({ path: path.join(folder, 'gone') });
    await until('the status', () => record.status.text === '$(warning) secondcall: no program');
    assert.equal(record.errors.length, 1);
    assert.match(record.errors[0] ?? '', /there is no such program\. Install it with `cargo install --locked secondcall`/);
    await record.commands.get('secondcall.checkWorkspace')?.();
    assert.match(record.errors[1] ?? '', /the server does not run/);
  });

  it('reports once that the program has no server', async () => {
    process.env['STUB_REFUSES'] = '1';
    start({ path: program });
    await until('the status', () => record.status.text === '$(warning) secondcall: stopped');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(record.errors.length, 1);
    assert.match(record.errors[0] ?? '', /The secondcall server does not run/);
    assert.ok(record.log.some((line) => line.includes("unexpected argument 'lsp'")), 'the output says why');
    delete process.env['STUB_REFUSES'];
    await record.commands.get('secondcall.restartServer')?.();
    await until('the status', () => record.status.text === '$(error) secondcall: 2 errors');
  });
});
