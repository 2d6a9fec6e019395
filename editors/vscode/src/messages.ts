// The messages that ask the user to do something.

import { commands, window } from 'vscode';

export async function showMissing(why: string): Promise<void> {
  const settings = 'Open Settings';
  const again = 'Try Again';
  const advice = 'Install it with `cargo install --locked secondcall`, or set secondcall.path to its path.';
  const answer = await window.showErrorMessage(`${why} ${advice}`, settings, again);
  if (answer === settings) {
    await commands.executeCommand('workbench.action.openSettings', 'secondcall.path');
  } else if (answer === again) {
    await commands.executeCommand('secondcall.restartServer');
  }
}

export async function showStopped(program: string): Promise<void> {
  const output = 'Show Output';
  const restart = 'Restart Server';
  const text = `The secondcall server does not run (${program}). See the output for the reason; the program may be too old.`;
  const answer = await window.showErrorMessage(text, output, restart);
  if (answer === output) {
    await commands.executeCommand('secondcall.showOutput');
  } else if (answer === restart) {
    await commands.executeCommand('secondcall.restartServer');
  }
}
