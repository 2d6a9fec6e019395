// Saves the edits of the server: it reads secondcall.toml from disk, as the command line does.

import { Uri, workspace } from 'vscode';
import { CancellationToken, type WorkspaceEdit, type WorkspaceMiddleware } from 'vscode-languageclient/node';

/** Applies an edit of the server and saves its files, except those that had unsaved changes. */
export const saveEdits: NonNullable<WorkspaceMiddleware['handleApplyEdit']> = async (params, next) => {
  const unsaved = new Set(workspace.textDocuments.filter((it) => it.isDirty).map((it) => it.uri.toString()));
  const result = await next(params, CancellationToken.None);
  if ('applied' in result && result.applied) {
    for (const file of editedFiles(params.edit).filter((it) => !unsaved.has(it.toString()))) {
      await (await workspace.openTextDocument(file)).save();
    }
  }
  return result;
};

function editedFiles({ changes, documentChanges }: WorkspaceEdit): Uri[] {
  const edited = documentChanges?.flatMap((change) => ('textDocument' in change ? [change.textDocument.uri] : []));
  return (edited ?? Object.keys(changes ?? {})).map((uri) => Uri.parse(uri));
}
