// The initialization options of the server, and the documents that it handles.

export interface Settings {
  path: string;
  hosts: string[];
  dynamic: 'off' | 'on';
}

/** The settings whose change requires a restart of the server. */
export const RESTART_SETTINGS = ['secondcall.path', 'secondcall.hosts', 'secondcall.dynamic'] as const;

/** Reads settings. They may come from any file, so values of a wrong type get the default. */
export function settingsFrom(get: (name: string) => unknown): Settings {
  const path = get('path');
  const hosts = get('hosts');
  return {
    path: typeof path === 'string' ? path : '',
    hosts: Array.isArray(hosts) ? hosts.filter((host): host is string => typeof host === 'string') : [],
    dynamic: get('dynamic') === 'on' ? 'on' : 'off',
  };
}

export interface InitializationOptions {
  trusted: boolean;
  asksReason: true;
  hosts: string[];
  dynamic: 'off' | 'on';
  tellsStatus: true;
}

export function initializationOptions(settings: Settings, trusted: boolean): InitializationOptions {
  return { trusted, asksReason: true, hosts: settings.hosts, dynamic: settings.dynamic, tellsStatus: true };
}

/**
 * The files in which findings are shown: `.wat`, manifests, and sources that debug information names. They are
 * selected by pattern, not by language, so that no other extension is needed.
 */
export const DOCUMENTS: readonly { scheme: 'file'; pattern: string }[] = [
  '**/*.wat',
  '**/*.wac',
  // Includes spin.toml under any name, Cargo.toml, secondcall.toml and .wash/config.toml.
  '**/*.toml',
  // wasmCloud and wadm manifests may have any name.
  '**/*.{yaml,yml}',
  '**/.wash/config.json',
  '**/*.{c,h,cc,cpp,cxx,c++,hh,hpp,hxx}',
  '**/*.{rs,go,zig,swift,py}',
  '**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}',
].map((pattern) => ({ scheme: 'file', pattern }));
