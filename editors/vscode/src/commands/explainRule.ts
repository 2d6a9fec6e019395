// Lets the user pick a rule, and lets the server open its page.

import { window } from 'vscode';
import { rulesOf } from '../listing';
import { SERVER_COMMANDS } from './ids';
import type { Tools } from './tools';

export async function explainRule(tools: Tools): Promise<void> {
  const rules = rulesOf(await tools.run('rules', '--color', 'never'));
  if (rules.length === 0) {
    throw new Error('the program lists no rules');
  }
  const items = rules.map((rule) => ({ label: rule.id, description: rule.hazard, detail: rule.title }));
  const picked = await window.showQuickPick(items, { title: 'Explain a rule', matchOnDescription: true, matchOnDetail: true });
  if (picked !== undefined) {
    await tools.ask(SERVER_COMMANDS.explain, picked.label);
  }
}
