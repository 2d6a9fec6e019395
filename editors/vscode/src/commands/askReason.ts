// Asks why a finding is accepted, and lets the server record the reason.

import { window } from 'vscode';
import { acceptance, findingFrom, reasonError } from '../acceptance';
import { SERVER_COMMANDS } from './ids';
import type { Tools } from './tools';

export async function askReason(tools: Tools, argument: unknown): Promise<void> {
  const finding = findingFrom(argument);
  if (finding === undefined) {
    throw new Error('no finding was given; use the lightbulb of a finding');
  }
  const reason = await window.showInputBox({
    title: ['Accept', finding.rule, finding.export].filter((word) => word !== '').join(' '),
    prompt: 'Why is it accepted?',
    ignoreFocusOut: true,
    validateInput: reasonError,
  });
  if (reason !== undefined && reasonError(reason) === undefined) {
    await tools.ask(SERVER_COMMANDS.accept, acceptance(finding, reason));
  }
}
