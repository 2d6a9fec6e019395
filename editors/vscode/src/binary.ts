// Where the program is. It refuses to take one that an untrusted workspace chose.

import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

export interface Places {
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

export function findProgram(places: Places, canRun: (file: string) => boolean = isExecutable): Program {
  const paths = places.platform === 'win32' ? path.win32 : path.posix;
  const name = places.platform === 'win32' ? 'secondcall.exe' : 'secondcall';

  if (places.setting.trim() !== '') {
    return chosen(places, canRun);
  }
  for (const folder of foldersOf(places.searchPath, paths)) {
    const file = paths.join(folder, name);
    if (canRun(file)) {
      return { kind: 'found', file, from: 'PATH' };
    }
  }
  const bundled = paths.join(places.extensionFolder, 'bin', name);
  if (canRun(bundled)) {
    return { kind: 'found', file: bundled, from: 'the extension' };
  }
  return { kind: 'missing', why: 'The program secondcall is neither on PATH nor in this extension.' };
}

/** A program that somebody chose is not silently replaced by another one. */
function chosen(places: Places, canRun: (file: string) => boolean): Program {
  const paths = places.platform === 'win32' ? path.win32 : path.posix;
  const setting = places.setting.trim();
  const missing = (why: string): Program => ({ kind: 'missing', why });

  let file = setting;
  if (/^~(?=$|[\\/])/.test(setting)) {
    file = paths.join(places.home, setting.slice(1));
  } else if (!paths.isAbsolute(setting)) {
    if (!places.trusted) {
      return missing(`The setting secondcall.path names ${setting} in a workspace that is not trusted.`);
    }
    if (places.workspaceFolder === undefined) {
      return missing(`The setting secondcall.path names ${setting}, and no folder is open.`);
    }
    file = paths.join(places.workspaceFolder, setting.replace(/^\$\{workspaceFolder\}/, ''));
  }
  const candidates = places.platform === 'win32' && !/\.exe$/i.test(file) ? [`${file}.exe`] : [file];
  const found = candidates.find(canRun);
  return found === undefined
    ? missing(`The setting secondcall.path names ${setting}, and there is no program.`)
    : { kind: 'found', file: found, from: 'the setting secondcall.path' };
}

/** A relative folder on `PATH` would depend on where the editor was started. */
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
