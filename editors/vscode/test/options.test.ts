import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acceptance, findingFrom, reasonError } from '../src/acceptance';
import { DOCUMENTS, initializationOptions, settingsFrom } from '../src/options';

describe('the server', () => {
  const from = (values: Record<string, unknown>) => settingsFrom((name) => values[name]);

  it('gets the settings and whether the workspace is trusted', () => {
    const settings = from({ path: '/opt/secondcall', hosts: ['spin-p3'], dynamic: 'on' });
    assert.deepEqual(initializationOptions(settings, true), {
      trusted: true,
      asksReason: true,
      hosts: ['spin-p3'],
      dynamic: 'on',
      tellsStatus: true,
    });
    assert.equal(initializationOptions(settings, false).trusted, false);
  });

  it('gets valid values, whatever a settings file contains', () => {
    assert.deepEqual(from({}), { path: '', hosts: [], dynamic: 'off' });
    assert.deepEqual(from({ path: 3, hosts: ['spec', 4, null], dynamic: true }), { path: '', hosts: ['spec'], dynamic: 'off' });
    assert.deepEqual(from({ hosts: 'spec', dynamic: 'ON' }), { path: '', hosts: [], dynamic: 'off' });
  });

  it('handles files on disk, by pattern and not by language', () => {
    assert.ok(DOCUMENTS.every((document) => document.scheme === 'file' && Object.keys(document).length === 2));
    const patterns = DOCUMENTS.map((document) => document.pattern).join(' ');
    for (const part of ['**/*.wat', '**/*.wac', '**/*.toml', 'yaml', '.wash', 'c,h', 'rs,go,zig', 'py}', 'js', 'ts']) {
      assert.ok(patterns.includes(part), part);
    }
  });
});

describe('an acceptance', () => {
  const finding = { uri: 'file:///app.wasm', id: '29d844ab', rule: 'run_once_guard', export: 'wasi:cli/run' };

  it('needs a reason', () => {
    assert.match(reasonError(' \t') ?? '', /Enter a reason/);
    assert.equal(reasonError('called once'), undefined);
    assert.deepEqual(acceptance(finding, '  called once '), { uri: 'file:///app.wasm', id: '29d844ab', reason: 'called once' });
  });

  it('needs a finding', () => {
    assert.deepEqual(findingFrom(finding), finding);
    assert.deepEqual(findingFrom({ uri: 'file:///a', id: '1' }), { uri: 'file:///a', id: '1', rule: '', export: '' });
    for (const argument of [undefined, null, 'a', {}, { uri: 'file:///a' }, { uri: 'file:///a', id: 1 }, { uri: '', id: '1' }]) {
      assert.equal(findingFrom(argument), undefined);
    }
  });
});
