// Finds, starts, watches and stops the language server. One operation at a time.

import { isDeepStrictEqual } from 'node:util';
import { commands, Uri, workspace, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { RevealOutputChannelOn, ShowDocumentRequest, State, type LanguageClient } from 'vscode-languageclient/node';
import type { Program } from './binary';
import { QuietClient, Restarts } from './client';
import { saveEdits } from './edits';
import { locate } from './locate';
import { showMissing, showStopped } from './messages';
import { DOCUMENTS, initializationOptions, type InitializationOptions } from './options';
import { settings } from './settings';
import { statusFrom } from './status';
import type { StatusItem } from './statusItem';

interface Plan {
  program: Program;
  options: InitializationOptions;
}

export class Server {
  private client: LanguageClient | undefined;
  private last: Promise<void> = Promise.resolve();
  private current: Plan | undefined;

  constructor(
    private readonly context: ExtensionContext,
    private readonly output: LogOutputChannel,
    private readonly status: StatusItem,
  ) {}

  get running(): boolean {
    return this.client?.state === State.Running;
  }

  restart(): Promise<void> {
    return this.enqueue(async () => {
      await this.end();
      await this.begin(this.plan());
    });
  }

  /** Restarts if the program or its options have changed. */
  restartIfChanged(): Promise<void> {
    return this.enqueue(async () => {
      const plan = this.plan();
      if (!isDeepStrictEqual(plan, this.current)) {
        await this.end();
        await this.begin(plan);
      }
    });
  }

  stop(): Promise<void> {
    return this.enqueue(() => this.end());
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    this.last = this.last.then(work).catch((error: unknown) => this.output.error(String(error)));
    return this.last;
  }

  private plan(): Plan {
    return { program: locate(this.context), options: initializationOptions(settings(), workspace.isTrusted) };
  }

  private async begin(plan: Plan): Promise<void> {
    this.current = plan;
    const { program, options } = plan;
    if (program.kind === 'missing') {
      this.output.error(program.why);
      this.status.show({ state: 'missing', why: program.why });
      void showMissing(program.why);
      return;
    }
    this.output.info(`${program.file}, from ${program.from}`);
    this.status.show({ state: 'starting' });

    const restarts = new Restarts();
    const client = new QuietClient(
      'secondcall',
      'secondcall',
      // No transport is named, because the library would then add an argument.
      { command: program.file, args: ['lsp'] },
      {
        documentSelector: [...DOCUMENTS],
        initializationOptions: options,
        outputChannel: this.output,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        errorHandler: restarts,
        initializationFailedHandler: () => false,
        middleware: { window: { showDocument: previewRules }, workspace: { handleApplyEdit: saveEdits } },
      },
    );
    this.client = client;
    client.onNotification('secondcall/status', (message: unknown) => {
      const status = statusFrom(message);
      if (status !== undefined) {
        this.status.show(status);
      }
    });
    client.onDidChangeState(({ newState }) => this.changed(client, newState, restarts, program.file));
    // The error is in the output, and `changed` reports it.
    await client.start().catch(() => undefined);
  }

  private changed(client: LanguageClient, state: State, restarts: Restarts, program: string): void {
    if (this.client !== client) {
      return;
    }
    if (state === State.Running) {
      restarts.started(client);
      this.status.show({ state: 'running' });
    } else if (state === State.Starting) {
      this.status.show({ state: 'starting' });
    } else {
      // A client that restarts is stopped only for a moment.
      setTimeout(() => {
        if (this.client === client && (client.state === State.Stopped || client.state === State.StartFailed)) {
          this.status.show({ state: 'stopped' });
          void showStopped(program);
        }
      });
    }
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client?.state === State.Running) {
      await client.stop().catch(() => undefined);
    }
  }
}

/** Shows a rule's page as rendered Markdown. */
const previewRules: ShowDocumentRequest.MiddlewareSignature = async (params, token, next) => {
  if (params.uri.startsWith('secondcall-rule:')) {
    try {
      await commands.executeCommand('markdown.showPreview', Uri.parse(params.uri));
      return { success: true };
    } catch {
      // Without the Markdown extension, the page is shown as text.
    }
  }
  return next(params, token);
};
