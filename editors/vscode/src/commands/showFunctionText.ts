// Shows one function of a component as text, in a read-only document.

import { basename } from 'node:path';
import { EventEmitter, Uri, window, workspace, type Disposable, type QuickPickItem, type TextDocumentContentProvider } from 'vscode';
import { functionsOf } from '../listing';
import { pickComponent } from './pickComponent';
import type { Tools } from './tools';

/** Differs from the server's scheme, whose documents the server provides. */
const SCHEME = 'secondcall-function';
const TITLE = 'Show a function as text';
const MOST = 10_000;

type Choice = QuickPickItem & { at: string };

export class FunctionTexts implements TextDocumentContentProvider, Disposable {
  private readonly changed = new EventEmitter<Uri>();
  private readonly registration = workspace.registerTextDocumentContentProvider(SCHEME, this);
  readonly onDidChange = this.changed.event;

  constructor(private readonly tools: Tools) {}

  async show(given: unknown): Promise<void> {
    const component = await pickComponent(TITLE, given);
    if (component === undefined) {
      return;
    }
    const listed = functionsOf(await this.tools.run('wat', '--color', 'never', component.fsPath));
    const choice = await pickFunction(listed.slice(0, MOST).map(({ at, name }) => ({ label: name, description: at, at })));
    if (choice === undefined) {
      return;
    }
    // Runs once before the document opens, so that an unknown name gives the program's own error message.
    const uri = documentOf(component, choice);
    await this.provideTextDocumentContent(uri);
    this.changed.fire(uri);
    await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
  }

  /** The URI contains everything, so that the document can be restored after a reload. */
  provideTextDocumentContent(uri: Uri): Promise<string> {
    const [file, at] = JSON.parse(uri.query) as [string, string];
    return this.tools.run('wat', '--color', 'never', `--func=${at}`, file);
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}

function documentOf(component: Uri, at: string): Uri {
  const name = at.replace(/[\\/]/g, '_');
  return Uri.from({ scheme: SCHEME, path: `/${basename(component.fsPath)}/${name}.wat`, query: JSON.stringify([component.fsPath, at]) });
}

/** A function of the list, or what the user typed: an index, a name, or `@` and an offset from a backtrace. */
function pickFunction(listed: Choice[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const pick = window.createQuickPick<Choice>();
    pick.title = TITLE;
    pick.placeholder = 'Pick a function, or type its index, its name, or @ and a file offset inside it';
    pick.matchOnDescription = true;
    pick.items = listed;
    pick.onDidChangeValue((value) => {
      const typed = value.trim();
      pick.items = typed === '' ? listed : [...listed, { label: typed, description: 'as typed', alwaysShow: true, at: typed }];
    });
    pick.onDidAccept(() => {
      resolve(pick.activeItems[0]?.at);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
