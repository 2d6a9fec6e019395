// The content of the status bar item for each status of the server.

export type Counts = { components: number; errors: number; warnings: number; notes: number };

export type Status =
  | { state: 'starting' }
  | { state: 'missing'; why: string }
  | { state: 'stopped' }
  | { state: 'running' }
  | ({ state: 'checking' | 'idle' } & Counts);

export interface Shown {
  text: string;
  tooltip: string;
  alarming: boolean;
  command: string;
}

const OUTPUT = 'secondcall.showOutput';
const PROBLEMS = 'workbench.actions.view.problems';

export function shown(status: Status): Shown {
  switch (status.state) {
    case 'starting':
      return { text: '$(sync~spin) secondcall: starting', tooltip: 'The server is starting.', alarming: false, command: OUTPUT };
    case 'missing':
      return { text: '$(warning) secondcall: no program', tooltip: status.why, alarming: true, command: OUTPUT };
    case 'stopped':
      return { text: '$(warning) secondcall: stopped', tooltip: 'The server does not run. See the output for the reason.', alarming: true, command: OUTPUT };
    case 'running':
      return { text: 'secondcall', tooltip: 'The server runs and has not reported anything yet.', alarming: false, command: OUTPUT };
    case 'checking':
      return { text: '$(sync~spin) secondcall: checking', tooltip: all(status), alarming: false, command: PROBLEMS };
    case 'idle':
      return { text: worst(status), tooltip: all(status), alarming: false, command: PROBLEMS };
  }
}

/** Parses a status notification of the server. Undefined if it is not one. */
export function statusFrom(message: unknown): Status | undefined {
  if (typeof message !== 'object' || message === null) {
    return undefined;
  }
  const { state, ...rest } = message as Record<string, unknown>;
  if (state !== 'checking' && state !== 'idle') {
    return undefined;
  }
  const count = (name: keyof Counts): number => {
    const value = rest[name];
    return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.floor(value) : 0;
  };
  return { state, components: count('components'), errors: count('errors'), warnings: count('warnings'), notes: count('notes') };
}

function worst(counts: Counts): string {
  if (counts.errors > 0) {
    return `$(error) secondcall: ${number(counts.errors, 'error')}`;
  }
  if (counts.warnings > 0) {
    return `$(warning) secondcall: ${number(counts.warnings, 'warning')}`;
  }
  if (counts.notes > 0) {
    return `$(info) secondcall: ${number(counts.notes, 'note')}`;
  }
  // No tick, because silence proves nothing.
  return counts.components > 0 ? 'secondcall: no findings' : 'secondcall: no components';
}

function all(counts: Counts): string {
  const findings = [number(counts.errors, 'error'), number(counts.warnings, 'warning'), number(counts.notes, 'note')];
  return `${number(counts.components, 'component')}: ${findings.join(', ')}`;
}

function number(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
