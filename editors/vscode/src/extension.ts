// Starts the server and connects it with commands, a status bar item and settings. All findings come from the server.

import { window, workspace, type ExtensionContext } from 'vscode';
import { registerCommands } from './commands';
import { Tools } from './commands/tools';
import { RESTART_SETTINGS } from './options';
import { Server } from './server';
import { StatusItem } from './statusItem';

let server: Server | undefined;

export function activate(context: ExtensionContext): void {
  const output = window.createOutputChannel('secondcall', { log: true });
  const status = new StatusItem();
  const started = new Server(context, output, status);
  server = started;
  context.subscriptions.push(
    output,
    status,
    ...registerCommands(new Tools(context, started, output)),
    workspace.onDidGrantWorkspaceTrust(() => started.restartIfChanged()),
    workspace.onDidChangeConfiguration((change) => {
      if (RESTART_SETTINGS.some((setting) => change.affectsConfiguration(setting))) {
        void started.restartIfChanged();
      }
    }),
  );
  void started.restart();
}

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}
