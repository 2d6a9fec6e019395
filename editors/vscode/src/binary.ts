// Finds the program. Refuses one that an untrusted workspace chose.

import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

export interface SearchContext {
  /** The setting `secondcall.path`; empty if not set. */
  setting: string;
  /** The variable `PATH`. */
  searchPath: string | undefined;
  platform: NodeJS.Platform;
  home: string;
  workspaceFolder: string | undefined;
  trusted: boolean;
  extensionFolder: string;
}

export type Program =
  | { kind: 'found'; file: string; from: 'the setting secondcall.path' | 'PATH' | 'the extension' }
  | { kind: 'missing'; why: string };

export function findProgram(context: SearchContext, canRun: (file: string) => boolean = isExecutable): Program {
  const paths = context.platform === 'win32' ? path.win32 : path.posix;
  const name = context.platform === 'win32' ? 'secondcall.exe' : 'secondcall';

  if (context.setting.trim() !== '') {
    return fromSetting(context, canRun);
  }
  for (const folder of foldersOf(context.searchPath, paths)) {
    const file = paths.join(folder, name);
    if (canRun(file)) {
      return { kind: 'found', file, from: 'PATH' };
    }
  }
  const bundled = paths.join(context.extensionFolder, 'bin', name);
  if (canRun(bundled)) {
    return { kind: 'found', file: bundled, from: 'the extension' };
  }
  return { kind: 'missing', why: 'The program secondcall was found neither on PATH nor in this extension.' };
}

/** The program that the setting names. If it does not exist, no other program replaces it. */
function fromSetting(context: SearchContext, canRun: (file: string) => boolean): Program {
  const paths = context.platform === 'win32' ? path.win32 : path.posix;
  const setting = context.setting.trim();
  const missing = (why: string): Program => ({ kind: 'missing', why });

  let file = setting;
  if (/^~(?=$|[\\/])/.test(setting)) {
    file = paths.join(context.home, setting.slice(1));
  } else if (!paths.isAbsolute(setting)) {
    if (!context.trusted) {
      return missing(`The setting secondcall.path is ${setting}, which is not used because the workspace is not trusted.`);
    }
    if (context.workspaceFolder === undefined) {
      return missing(`The setting secondcall.path is ${setting}, which is relative, but no folder is open.`);
    }
    file = paths.join(context.workspaceFolder, setting.replace(/^\$\{workspaceFolder\}/, ''));
  }
  const candidates = context.platform === 'win32' && !/\.exe$/i.test(file) ? [`${file}.exe`] : [file];
  const found = candidates.find(canRun);
  return found === undefined
    ? missing(`The setting secondcall.path is ${setting}, but there is no such program.`)
    : { kind: 'found', file: found, from: 'the setting secondcall.path' };
}

/** The absolute folders of `PATH`. Relative ones would depend on where the editor was started. */
function foldersOf(searchPath: string | undefined, paths: path.PlatformPath): string[] {
  return (searchPath ?? '')
    .split(paths.delimiter)
    .map((folder) => folder.replace(/^"(.*)"$/, '$1'))
    .filter((folder) => paths.isAbsolute(folder));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
