import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import * as vscode from 'vscode';
import { saveEdits } from '../src/edits';

const FILE = 'file:///a/secondcall.toml';
const edits = [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, newText: 'version = 1\n' }];
const created = {
  documentChanges: [{ kind: 'create' as const, uri: FILE }, { textDocument: { uri: FILE, version: null }, edits }],
};
const documents = vscode.workspace.textDocuments as unknown as object[];

describe('an edit of the server', () => {
  let done: string[];

  const open = (isDirty: boolean): void => {
    documents.push({ uri: vscode.Uri.parse(FILE), isDirty, save: async () => done.push('saved') });
  };
  const applied = async () => {
    done.push('applied');
    return { applied: true };
  };

  beforeEach(() => {
    done = [];
    documents.length = 0;
  });

  it('is saved after it was applied', async () => {
    open(false);
    assert.deepEqual(await saveEdits({ edit: created }, applied), { applied: true });
    assert.deepEqual(done, ['applied', 'saved']);
    await saveEdits({ edit: { changes: { [FILE]: edits } } }, applied);
    assert.deepEqual(done, ['applied', 'saved', 'applied', 'saved']);
  });

  it('is not saved if the file has unsaved changes', async () => {
    open(true);
    await saveEdits({ edit: created }, applied);
    assert.deepEqual(done, ['applied']);
  });

  it('is not saved if it was not applied', async () => {
    open(false);
    assert.deepEqual(await saveEdits({ edit: created }, async () => ({ applied: false })), { applied: false });
    assert.deepEqual(done, []);
  });
});
