// Asks why a finding is accepted, and has the server write it down.

import { window } from 'vscode';
import { acceptance, askedFinding, objection } from '../acceptance';
import { OF_SERVER } from './ids';
import type { Tools } from './tools';

export async function askReason(tools: Tools, argument: unknown): Promise<void> {
  const finding = askedFinding(argument);
  if (finding === undefined) {
    throw new Error('no finding was given; use the lightbulb at a finding');
  }
  const reason = await window.showInputBox({
    title: ['Accept', finding.rule, finding.export].filter((word) => word !== '').join(' '),
    prompt: 'Why is it accepted?',
    ignoreFocusOut: true,
    validateInput: objection,
  });
  if (reason !== undefined && objection(reason) === undefined) {
    await tools.ask(OF_SERVER.accept, acceptance(finding, reason));
  }
}
