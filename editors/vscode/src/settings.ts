// Reads the current settings.

import { workspace } from 'vscode';
import { settingsFrom, type Settings } from './options';

export function settings(): Settings {
  const configuration = workspace.getConfiguration('secondcall');
  return settingsFrom((name) => configuration.get(name));
}
