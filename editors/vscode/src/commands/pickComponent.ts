// Determines the component of a command: the file that it was called on, or one that the user picks.

import { Uri, window, workspace } from 'vscode';

const MOST = 1000;

export async function pickComponent(title: string, given: unknown): Promise<Uri | undefined> {
  if (given instanceof Uri) {
    return given;
  }
  const found = await workspace.findFiles('**/*.{wasm,wat}', '**/node_modules/**', MOST);
  const open = window.activeTextEditor?.document.uri.toString();
  const items = found
    .map((uri) => ({ label: workspace.asRelativePath(uri), uri, first: uri.toString() === open }))
    .sort((a, b) => Number(b.first) - Number(a.first) || a.label.localeCompare(b.label));
  const other = { label: '$(folder-opened) Another file…', uri: undefined };
  const picked = await window.showQuickPick([...items, other], { title, placeHolder: 'Component' });
  if (picked === undefined || picked.uri !== undefined) {
    return picked?.uri;
  }
  const files = await window.showOpenDialog({ title, filters: { Components: ['wasm', 'wat'] } });
  return files?.[0];
}
