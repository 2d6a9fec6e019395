import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findProgram, type SearchContext, type Program } from '../src/binary';

describe('the program is searched', { skip: process.platform === 'win32' }, () => {
  let root: string;
  let context: SearchContext;
  const at = (...names: string[]): string => path.join(root, ...names);
  const program = (mode: number, ...names: string[]): string => {
    mkdirSync(path.dirname(at(...names)), { recursive: true });
    writeFileSync(at(...names), '#!/bin/sh\n');
    chmodSync(at(...names), mode);
    return at(...names);
  };
  const found = (file: string, from: string): Program => ({ kind: 'found', file, from } as Program);
  const why = (result: Program): string => (result.kind === 'missing' ? result.why : `found ${result.file}`);

  before(() => {
    root = mkdtempSync(path.join(tmpdir(), 'secondcall-'));
    program(0o755, 'own', 'tool');
    program(0o755, 'first', 'secondcall');
    program(0o755, 'second', 'secondcall');
    program(0o644, 'plain', 'secondcall');
    mkdirSync(at('folder', 'secondcall'), { recursive: true });
    program(0o755, 'extension', 'bin', 'secondcall');
    program(0o755, 'home', 'tools', 'secondcall');
    program(0o755, 'work', 'tools', 'secondcall');
    context = {
      setting: '',
      searchPath: undefined,
      platform: process.platform,
      home: at('home'),
      workspaceFolder: at('work'),
      trusted: true,
      extensionFolder: at('extension'),
    };
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it('in the setting first, then on PATH, then in the extension', () => {
    const searchPath = [at('empty'), at('first'), at('second')].join(path.delimiter);
    assert.deepEqual(findProgram({ ...context, searchPath, setting: at('own', 'tool') }), found(at('own', 'tool'), 'the setting secondcall.path'));
    assert.deepEqual(findProgram({ ...context, searchPath }), found(at('first', 'secondcall'), 'PATH'));
    assert.deepEqual(findProgram(context), found(at('extension', 'bin', 'secondcall'), 'the extension'));
  });

  it('and is a file that may be executed', () => {
    const searchPath = [at('plain'), at('folder'), at('second')].join(path.delimiter);
    assert.deepEqual(findProgram({ ...context, searchPath }), found(at('second', 'secondcall'), 'PATH'));
  });

  it('not in a relative folder of PATH, nor in an empty one', () => {
    const searchPath = ['.', '', path.relative(process.cwd(), at('first'))].join(path.delimiter);
    assert.deepEqual(findProgram({ ...context, searchPath }), found(at('extension', 'bin', 'secondcall'), 'the extension'));
  });

  it('in the home folder and the workspace, if the setting says so', () => {
    const setting = (text: string): Program => findProgram({ ...context, setting: text });
    assert.deepEqual(setting('~/tools/secondcall'), found(at('home', 'tools', 'secondcall'), 'the setting secondcall.path'));
    assert.deepEqual(setting('${workspaceFolder}/tools/secondcall'), found(at('work', 'tools', 'secondcall'), 'the setting secondcall.path'));
    assert.deepEqual(setting('tools/secondcall'), found(at('work', 'tools', 'secondcall'), 'the setting secondcall.path'));
  });

  it('not in a workspace that is not trusted', () => {
    for (const setting of ['tools/secondcall', '${workspaceFolder}/tools/secondcall']) {
      assert.match(why(findProgram({ ...context, trusted: false, setting })), /is not trusted/);
    }
  });

  it('and a chosen one that does not exist is not replaced', () => {
    const searchPath = at('first');
    assert.match(why(findProgram({ ...context, searchPath, setting: at('gone') })), /is .*gone, but there is no such program/);
    assert.match(why(findProgram({ ...context, setting: 'tools/secondcall', workspaceFolder: undefined })), /no folder is open/);
  });

  it('and its absence is reported', () => {
    assert.match(why(findProgram({ ...context, extensionFolder: at('empty') })), /neither on PATH nor in this extension/);
  });
});

describe('on Windows', () => {
  const context: SearchContext = {
    setting: '',
    searchPath: 'C:\\Windows;"C:\\Program Files\\secondcall";D:\\tools',
    platform: 'win32',
    home: 'C:\\Users\\a',
    workspaceFolder: 'C:\\work',
    trusted: true,
    extensionFolder: 'C:\\extension',
  };
  const among = (...files: string[]) => (file: string) => files.includes(file);
  const fileOf = (result: Program): string | undefined => (result.kind === 'found' ? result.file : undefined);

  it('the program ends in .exe', () => {
    assert.equal(fileOf(findProgram(context, among('D:\\tools\\secondcall', 'D:\\tools\\secondcall.exe'))), 'D:\\tools\\secondcall.exe');
    assert.equal(fileOf(findProgram(context, among('D:\\tools\\secondcall.cmd'))), undefined);
    assert.equal(fileOf(findProgram(context, among('C:\\extension\\bin\\secondcall.exe'))), 'C:\\extension\\bin\\secondcall.exe');
  });

  it('a folder of PATH may be quoted', () => {
    const file = 'C:\\Program Files\\secondcall\\secondcall.exe';
    assert.equal(fileOf(findProgram(context, among(file))), file);
  });

  it('the setting may omit .exe', () => {
    const canRun = among('D:\\own\\secondcall.exe', 'C:\\Users\\a\\bin\\secondcall.exe');
    assert.equal(fileOf(findProgram({ ...context, setting: 'D:\\own\\secondcall' }, canRun)), 'D:\\own\\secondcall.exe');
    assert.equal(fileOf(findProgram({ ...context, setting: 'D:\\own\\secondcall.exe' }, canRun)), 'D:\\own\\secondcall.exe');
    assert.equal(fileOf(findProgram({ ...context, setting: '~\\bin\\secondcall' }, canRun)), 'C:\\Users\\a\\bin\\secondcall.exe');
  });
});
