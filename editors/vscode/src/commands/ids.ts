// The commands. Those of the palette stand in package.json too; `secondcall.askReason` is the server's to call.

export const PALETTE = [
  'secondcall.checkWorkspace',
  'secondcall.explainRule',
  'secondcall.showFunctionText',
  'secondcall.showGraph',
  'secondcall.restartServer',
  'secondcall.showOutput',
] as const;

export const ASK_REASON = 'secondcall.askReason';

export type CommandId = (typeof PALETTE)[number] | typeof ASK_REASON;

/** What the server offers. The client library registers these while the server runs. */
export const OF_SERVER = {
  check: 'secondcall.check',
  explain: 'secondcall.explain',
  accept: 'secondcall.accept',
} as const;
