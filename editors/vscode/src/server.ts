// The life of the language server: found, started, watched, stopped. One start at a time.

import { isDeepStrictEqual } from 'node:util';
import { commands, Uri, workspace, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { RevealOutputChannelOn, ShowDocumentRequest, State, type LanguageClient } from 'vscode-languageclient/node';
import type { Program } from './binary';
import { QuietClient, Restarts } from './client';
import { editsSaved } from './edits';
import { locate } from './locate';
import { sayMissing, sayStopped } from './messages';
import { DOCUMENTS, initializationOptions, type InitializationOptions } from './options';
import { settings } from './settings';
import { told } from './status';
import type { StatusItem } from './statusItem';

interface Plan {
  program: Program;
  options: InitializationOptions;
}

export class Server {
  private client: LanguageClient | undefined;
  private last: Promise<void> = Promise.resolve();
  private begun: Plan | undefined;

  constructor(
    private readonly context: ExtensionContext,
    private readonly output: LogOutputChannel,
    private readonly status: StatusItem,
  ) {}

  get running(): boolean {
    return this.client?.state === State.Running;
  }

  restart(): Promise<void> {
    return this.after(async () => {
      await this.end();
      await this.begin(this.plan());
    });
  }

  /** Starts again if the program is another one now, or would be told something else. */
  follow(): Promise<void> {
    return this.after(async () => {
      const plan = this.plan();
      if (!isDeepStrictEqual(plan, this.begun)) {
        await this.end();
        await this.begin(plan);
      }
    });
  }

  stop(): Promise<void> {
    return this.after(() => this.end());
  }

  private after(work: () => Promise<void>): Promise<void> {
    this.last = this.last.then(work).catch((error: unknown) => this.output.error(String(error)));
    return this.last;
  }

  private plan(): Plan {
    return { program: locate(this.context), options: initializationOptions(settings(), workspace.isTrusted) };
  }

  private async begin(plan: Plan): Promise<void> {
    this.begun = plan;
    const { program, options } = plan;
    if (program.kind === 'missing') {
      this.output.error(program.why);
      this.status.show({ state: 'missing', why: program.why });
      void sayMissing(program.why);
      return;
    }
    this.output.info(`${program.file}, from ${program.from}`);
    this.status.show({ state: 'starting' });

    const restarts = new Restarts();
    const client = new QuietClient(
      'secondcall',
      'secondcall',
      // With a transport that is named, the library would add an argument of its own.
      { command: program.file, args: ['lsp'] },
      {
        documentSelector: [...DOCUMENTS],
        initializationOptions: options,
        outputChannel: this.output,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        errorHandler: restarts,
        initializationFailedHandler: () => false,
        middleware: { window: { showDocument: rulesRendered }, workspace: { handleApplyEdit: editsSaved } },
      },
    );
    this.client = client;
    client.onNotification('secondcall/status', (message: unknown) => {
      const status = told(message);
      if (status !== undefined) {
        this.status.show(status);
      }
    });
    client.onDidChangeState(({ newState }) => this.changed(client, newState, restarts, program.file));
    // What is wrong is in the output, and `changed` says so.
    await client.start().catch(() => undefined);
  }

  private changed(client: LanguageClient, state: State, restarts: Restarts, program: string): void {
    if (this.client !== client) {
      return;
    }
    if (state === State.Running) {
      restarts.cameUp(client);
      this.status.show({ state: 'running' });
    } else if (state === State.Starting) {
      this.status.show({ state: 'starting' });
    } else {
      // A client that starts again is stopped for a moment only.
      setTimeout(() => {
        if (this.client === client && (client.state === State.Stopped || client.state === State.StartFailed)) {
          this.status.show({ state: 'stopped' });
          void sayStopped(program);
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

/** A rule's page is Markdown, for reading. */
const rulesRendered: ShowDocumentRequest.MiddlewareSignature = async (params, token, next) => {
  if (params.uri.startsWith('secondcall-rule:')) {
    try {
      await commands.executeCommand('markdown.showPreview', Uri.parse(params.uri));
      return { success: true };
    } catch {
      // Without the Markdown extension the page is shown as text.
    }
  }
  return next(params, token);
};
