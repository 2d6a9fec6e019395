// What the server writes into secondcall.toml counts for it, and for the command line, only once it is on disk.

import { Uri, workspace } from 'vscode';
import { CancellationToken, type WorkspaceEdit, type WorkspaceMiddleware } from 'vscode-languageclient/node';

/** Makes an edit of the server's and saves its files, but for those with changes that are not saved yet. */
export const editsSaved: NonNullable<WorkspaceMiddleware['handleApplyEdit']> = async (params, next) => {
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
