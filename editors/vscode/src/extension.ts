// Starts the server and gives it commands, a status and settings. What is wrong with a component, the server says.

import { window, workspace, type ExtensionContext } from 'vscode';
import { registerCommands } from './commands';
import { Tools } from './commands/tools';
import { RESTARTING } from './options';
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
    workspace.onDidGrantWorkspaceTrust(() => started.follow()),
    workspace.onDidChangeConfiguration((change) => {
      if (RESTARTING.some((setting) => change.affectsConfiguration(setting))) {
        void started.follow();
      }
    }),
  );
  void started.restart();
}

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}
