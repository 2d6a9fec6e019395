// The commands. Those of the palette are in package.json too; `secondcall.askReason` is called by the server.

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

/** The commands of the server. The client library registers them while the server runs. */
export const SERVER_COMMANDS = {
  check: 'secondcall.check',
  explain: 'secondcall.explain',
  accept: 'secondcall.accept',
} as const;
