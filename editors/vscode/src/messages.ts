// The few messages that ask for something to be done.

import { commands, window } from 'vscode';

export async function sayMissing(why: string): Promise<void> {
  const settings = 'Open Settings';
  const again = 'Try Again';
  const advice = 'Install it with `cargo install secondcall`, or name it in the setting secondcall.path.';
  const answer = await window.showErrorMessage(`${why} ${advice}`, settings, again);
  if (answer === settings) {
    await commands.executeCommand('workbench.action.openSettings', 'secondcall.path');
  } else if (answer === again) {
    await commands.executeCommand('secondcall.restartServer');
  }
}

export async function sayStopped(program: string): Promise<void> {
  const output = 'Show Output';
  const restart = 'Restart Server';
  const text = `The server of secondcall does not run (${program}). The output says why; it may be too old.`;
  const answer = await window.showErrorMessage(text, output, restart);
  if (answer === output) {
    await commands.executeCommand('secondcall.showOutput');
  } else if (answer === restart) {
    await commands.executeCommand('secondcall.restartServer');
  }
}
