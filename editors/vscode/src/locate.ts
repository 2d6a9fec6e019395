// Finds the program for this window, with the input that `binary` needs from the editor.

import { homedir } from 'node:os';
import { workspace, type ExtensionContext } from 'vscode';
import { findProgram, type Program } from './binary';
import { settings } from './settings';

export function locate(context: ExtensionContext): Program {
  return findProgram({
    setting: settings().path,
    searchPath: process.env['PATH'],
    platform: process.platform,
    home: homedir(),
    workspaceFolder: workspace.workspaceFolders?.[0]?.uri.fsPath,
    trusted: workspace.isTrusted,
    extensionFolder: context.extensionPath,
  });
}
