// Uses the extension in an editor as a person would, and fails if something is not as expected.
// usage: node drive.mjs URL PROJECT OUT    with CACHE, CHROMIUM and BUILD in the environment

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Editor } from './editor.mjs';

const [url, project, out] = process.argv.slice(2);
const { CACHE, CHROMIUM, BUILD } = process.env;
const puppeteer = createRequire(path.join(CACHE, 'driver/package.json'))('puppeteer-core');

const SOURCE = path.join(project, 'library.c');
const TRAP = '__builtin_trap();';
const lineOf = (text, words) => text.split('\n').findIndex((line) => line.includes(words)) + 1;
const trapLine = lineOf(readFileSync(SOURCE, 'utf8'), TRAP);
const manifestLine = lineOf(readFileSync(path.join(project, 'spin.toml'), 'utf8'), 'source =');

const names = (rule) => (rows) => rows.some((row) => row.includes(`secondcall${rule}[Ln `));
const lacks = (rule) => (rows) => rows.length > 0 && !names(rule)(rows);

/** Changes the source and rebuilds the component. */
function rebuild(change) {
  writeFileSync(SOURCE, change(readFileSync(SOURCE, 'utf8')));
  execFileSync(BUILD, [CACHE, project], { stdio: 'inherit' });
}

async function trust(editor) {
  await editor.click('button of distrust', '.monaco-dialog-box .monaco-button', "No, I don't trust");
  await editor.command('View: Toggle Problems');
  await editor.expect('findings from the code are in Problems', () => editor.problems(), names('run_once_guard'));
  await editor.expect('without trust, nothing is called', () => editor.problems(), lacks('answers_change'));
  await editor.command('Workspaces: Manage Workspace Trust');
  await editor.click('button of trust', '.workspace-trust-editor .monaco-button', 'Trust');
  await editor.expect(
    'with trust, exports are called, and the answer of `count` changes',
    () => editor.problems(),
    (rows) => names('answers_change')(rows) && rows.some((row) => row.includes('call 2 of `count`')),
  );
  await editor.command('View: Close Editor');
}

async function source(editor) {
  await editor.open('library.c', trapLine);
  await editor.expect(
    `Problems has run_once_guard at line ${trapLine} of library.c`,
    () => editor.problems(),
    (rows) => rows.some((row) => row.includes('`boom` traps when called again') && row.includes(`[Ln ${trapLine}, `)),
  );
  await editor.expect(`line ${trapLine} is underlined`, () => editor.underlined('error'), (lines) => lines.includes(trapLine));
  await editor.shot('source');
}

async function manifest(editor) {
  await editor.open('spin.toml', manifestLine);
  await editor.expect(
    'the lens of the manifest counts verdicts',
    () => editor.read('.codelens-decoration'),
    (lenses) => lenses.some((lens) => lens.startsWith('7 exports · ')),
  );
  await editor.hover('.editor-instance .view-line span span', '"library.wasm"');
  await editor.expect(
    'hovering over the component shows the verdicts of its exports',
    () => editor.read('.monaco-hover table tr'),
    (rows) => rows.length === 8 && rows.some((row) => row.includes('boom') && row.includes('single_shot')),
  );
  await editor.shot('manifest');
  await editor.leave();
  await editor.click('lens', '.codelens-decoration a', '7 exports');
  await editor.expect('the lens opens the report', () => editor.uri(), (uri) => uri.startsWith('secondcall-report:'));
  await editor.shot('report');
}

async function code(editor) {
  await editor.open('library.c', trapLine);
  await editor.lightbulb();
  await editor.shot('lightbulb');
  await editor.click('action', '.action-widget .monaco-list-row.action', "Show the function's text");
  await editor.expect('the function is shown as text', () => editor.uri(), (uri) => uri.startsWith('secondcall-wat:'));
  const lines = await editor.expect('its instructions are there', () => editor.read('.view-line'), (all) => all.some((it) => it.includes('unreachable')));
  await editor.page.keyboard.type('x');
  await editor.expect(
    'it cannot be edited',
    async () => [await editor.read('.view-line'), await editor.read('.monaco-editor-overlaymessage')],
    ([now, messages]) => now.join() === lines.join() && messages.some((words) => words.includes('read-only')),
  );
  await editor.leave();
  await editor.shot('function');
}

async function graph(editor) {
  await editor.command('secondcall: Show the Graph of a Component');
  await editor.pick('library.wasm');
  await editor.expect('the graph is a picture', () => editor.pictures(), (all) => all.includes('Graph of library.wasm'));
  await editor.shot('graph');
}

async function builtAgain(editor) {
  await editor.open('library.c', trapLine);
  rebuild((text) => text.replace(TRAP, 'calls = 1;'));
  await editor.expect('a fixed component has no such finding', () => editor.problems(), lacks('run_once_guard'));
  await editor.expect('its source is not underlined', () => editor.underlined('error'), (lines) => lines.length === 0);
  rebuild((text) => text.replace('calls = 1;', TRAP));
  await editor.expect('a broken component has it again', () => editor.problems(), names('run_once_guard'));
}

async function acceptance(editor) {
  const reason = 'The host restarts it.';
  await editor.open('library.c', trapLine);
  await editor.lightbulb();
  await editor.click('action', '.action-widget .monaco-list-row.action', 'with a reason');
  await editor.wait('question for the reason', '.quick-input-widget', 'Why is it accepted?');
  await editor.page.keyboard.type(reason);
  await editor.shot('reason');
  await editor.keys('Enter');
  const file = path.join(project, 'secondcall.toml');
  await editor.expect(
    'the acceptance is in secondcall.toml',
    () => (existsSync(file) ? readFileSync(file, 'utf8') : ''),
    (text) => [reason, 'run_once_guard', 'boom'].every((words) => text.includes(words)),
  );
  await editor.expect('the accepted finding is not shown', () => editor.problems(), lacks('run_once_guard'));
  await editor.expect('its source is not underlined', () => editor.underlined('error'), (lines) => lines.length === 0);
  await editor.shot('accepted');
}

const browser = await puppeteer.launch({
  executablePath: CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu'],
  defaultViewport: { width: 1120, height: 720 },
});
const editor = new Editor(await browser.newPage(), out);
try {
  await editor.page.goto(url);
  await editor.wait('editor', '.monaco-workbench');
  for (const part of [trust, source, manifest, code, graph, builtAgain, acceptance]) {
    console.log(`\n${part.name}`);
    await part(editor);
  }
} catch (error) {
  await editor.shot('failed');
  console.error(`FAILED: ${error.message}\nnotifications: ${JSON.stringify(await editor.read('.notification-list-item-message'))}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
