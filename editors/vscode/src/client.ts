// The client library, quieter: it shows each trouble with the connection in a message of its own. Here they go to
// the output, and one message says what to do.

import { CloseAction, ErrorAction, LanguageClient, type CloseHandlerResult, type ErrorHandler } from 'vscode-languageclient/node';

export class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown, show?: boolean | 'force'): void {
    super.error(message, data, show === 'force' ? false : (show ?? true));
  }
}

/** Starts a server again that fails now and then, but not one that never came up. */
export class Restarts implements ErrorHandler {
  private usual: ErrorHandler | undefined;

  /** From now on the server is one that came up. */
  cameUp(client: LanguageClient): void {
    this.usual ??= client.createDefaultErrorHandler();
  }

  error(...failure: Parameters<ErrorHandler['error']>): ReturnType<ErrorHandler['error']> {
    return this.usual?.error(...failure) ?? { action: ErrorAction.Shutdown, handled: true };
  }

  closed(): CloseHandlerResult | Promise<CloseHandlerResult> {
    return this.usual?.closed() ?? { action: CloseAction.DoNotRestart, handled: true };
  }
}
