// Shows the graph of a component as a picture.

import { ViewColumn, window, workspace } from 'vscode';
import { graphPage, isSvg } from '../graph';
import { pickComponent } from './pickComponent';
import type { Tools } from './tools';

export async function showGraph(tools: Tools, given: unknown): Promise<void> {
  const component = await pickComponent('Show the graph of a component', given);
  if (component === undefined) {
    return;
  }
  const svg = await tools.run('graph', component.fsPath, '--format', 'svg');
  if (!isSvg(svg)) {
    throw new Error('the program did not print an SVG picture');
  }
  const title = `Graph of ${workspace.asRelativePath(component)}`;
  const panel = window.createWebviewPanel('secondcall.graph', title, ViewColumn.Active, {
    enableScripts: false,
    enableForms: false,
    enableCommandUris: false,
    localResourceRoots: [],
  });
  panel.webview.html = graphPage(title, svg);
}
