// The finding that the server wants a reason for, and the answer to it.

export interface AskedFinding {
  uri: string;
  id: string;
  rule: string;
  export: string;
}

export interface Acceptance {
  uri: string;
  id: string;
  reason: string;
}

export function findingFrom(argument: unknown): AskedFinding | undefined {
  if (typeof argument !== 'object' || argument === null) {
    return undefined;
  }
  const { uri, id, rule, export: name } = argument as Record<string, unknown>;
  if (typeof uri !== 'string' || typeof id !== 'string' || uri === '' || id === '') {
    return undefined;
  }
  return { uri, id, rule: typeof rule === 'string' ? rule : '', export: typeof name === 'string' ? name : '' };
}

/** Why the reason is not valid, or undefined if it is. */
export function reasonError(reason: string): string | undefined {
  return reason.trim() === '' ? 'Enter a reason. It is written into secondcall.toml.' : undefined;
}

export function acceptance(finding: AskedFinding, reason: string): Acceptance {
  return { uri: finding.uri, id: finding.id, reason: reason.trim() };
}
