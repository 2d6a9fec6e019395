// The client library shows a message for each connection problem. Here they go to the output instead, and a single
// message says what to do.

import { CloseAction, ErrorAction, LanguageClient, type CloseHandlerResult, type ErrorHandler } from 'vscode-languageclient/node';

export class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown, show?: boolean | 'force'): void {
    super.error(message, data, show === 'force' ? false : (show ?? true));
  }
}

/** Restarts a server that fails occasionally, but not one that never started. */
export class Restarts implements ErrorHandler {
  private defaultHandler: ErrorHandler | undefined;

  /** Records that the server has started, so that it is restarted from now on. */
  started(client: LanguageClient): void {
    this.defaultHandler ??= client.createDefaultErrorHandler();
  }

  error(...failure: Parameters<ErrorHandler['error']>): ReturnType<ErrorHandler['error']> {
    return this.defaultHandler?.error(...failure) ?? { action: ErrorAction.Shutdown, handled: true };
  }

  closed(): CloseHandlerResult | Promise<CloseHandlerResult> {
    return this.defaultHandler?.closed() ?? { action: CloseAction.DoNotRestart, handled: true };
  }
}
