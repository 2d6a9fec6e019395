// What the server is told at its start, and for which documents it is asked.

export interface Settings {
  path: string;
  hosts: string[];
  dynamic: 'off' | 'on';
}

/** The settings whose change needs a new start. */
export const RESTARTING = ['secondcall.path', 'secondcall.hosts', 'secondcall.dynamic'] as const;

/** Reads settings as they come from a file that anybody may have written. */
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
 * A finding stands at text: a component's own, a manifest's line, or a line of source that debug
 * information names. Names of languages are left out, so that no other extension is needed.
 */
export const DOCUMENTS: readonly { scheme: 'file'; pattern: string }[] = [
  '**/*.wat',
  '**/*.wac',
  // Also spin.toml under another name, Cargo.toml, secondcall.toml and .wash/config.toml.
  '**/*.toml',
  // wasmCloud and wadm name their files as they like.
  '**/*.{yaml,yml}',
  '**/.wash/config.json',
  '**/*.{c,h,cc,cpp,cxx,c++,hh,hpp,hxx}',
  '**/*.{rs,go,zig,swift,py}',
  '**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}',
].map((pattern) => ({ scheme: 'file', pattern }));
