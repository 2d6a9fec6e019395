// The status bar item.

import { StatusBarAlignment, ThemeColor, window, type Disposable } from 'vscode';
import { shown, type Status } from './status';

export class StatusItem implements Disposable {
  private readonly item = window.createStatusBarItem('secondcall.status', StatusBarAlignment.Left);

  constructor() {
    this.item.name = 'secondcall';
  }

  show(status: Status): void {
    const { text, tooltip, alarming, command } = shown(status);
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.command = command;
    this.item.backgroundColor = alarming ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}
