// Registers a function for every command; the type of the table ensures that none is missing.

import { commands, window, type Disposable } from 'vscode';
import { askReason } from './askReason';
import { explainRule } from './explainRule';
import { SERVER_COMMANDS, type CommandId } from './ids';
import { FunctionTexts } from './showFunctionText';
import { showGraph } from './showGraph';
import type { Tools } from './tools';

export function registerCommands(tools: Tools): Disposable[] {
  const texts = new FunctionTexts(tools);
  const functions: Record<CommandId, (argument?: unknown) => unknown> = {
    'secondcall.checkWorkspace': () => tools.ask(SERVER_COMMANDS.check),
    'secondcall.explainRule': () => explainRule(tools),
    'secondcall.showFunctionText': (file) => texts.show(file),
    'secondcall.showGraph': (file) => showGraph(tools, file),
    'secondcall.restartServer': () => tools.restart(),
    'secondcall.showOutput': () => tools.output.show(),
    'secondcall.askReason': (finding) => askReason(tools, finding),
  };
  const registered = Object.entries(functions).map(([id, work]) =>
    commands.registerCommand(id, async (argument?: unknown) => {
      try {
        await work(argument);
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        tools.output.error(`${id}: ${text}`);
        void window.showErrorMessage(`secondcall: ${text}`);
      }
    }),
  );
  return [texts, ...registered];
}
