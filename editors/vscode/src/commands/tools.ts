// What commands use: the program, the server and the output.

import { commands, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { locate } from '../locate';
import { run } from '../program';
import type { Server } from '../server';

export class Tools {
  constructor(
    private readonly context: ExtensionContext,
    private readonly server: Server,
    readonly output: LogOutputChannel,
  ) {}

  /** Runs the program and returns its output. */
  async run(...args: string[]): Promise<string> {
    const program = locate(this.context);
    if (program.kind === 'missing') {
      throw new Error(program.why);
    }
    this.output.debug([program.file, ...args].join(' '));
    return run(program.file, args);
  }

  /** Executes a command of the server. */
  async ask(command: string, ...args: unknown[]): Promise<void> {
    if (!this.server.running) {
      throw new Error('the server does not run; see "Show Output" for the reason');
    }
    await commands.executeCommand(command, ...args);
  }

  restart(): Promise<void> {
    return this.server.restart();
  }
}
