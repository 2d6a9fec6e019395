// The finding that the server asks a reason for, and what it gets back.

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

export function askedFinding(argument: unknown): AskedFinding | undefined {
  if (typeof argument !== 'object' || argument === null) {
    return undefined;
  }
  const { uri, id, rule, export: name } = argument as Record<string, unknown>;
  if (typeof uri !== 'string' || typeof id !== 'string' || uri === '' || id === '') {
    return undefined;
  }
  return { uri, id, rule: typeof rule === 'string' ? rule : '', export: typeof name === 'string' ? name : '' };
}

/** What is wrong with a reason, while it is typed. */
export function objection(reason: string): string | undefined {
  return reason.trim() === '' ? 'Say why. The reason is written into secondcall.toml.' : undefined;
}

export function acceptance(finding: AskedFinding, reason: string): Acceptance {
  return { uri: finding.uri, id: finding.id, reason: reason.trim() };
}
