// An editor in a browser: actions of a person, and what they see.

import path from 'node:path';

const PATIENCE = 60_000;
const PAUSE = 150;

/** Texts of all elements, with any whitespace as one space. */
const texts = (elements) => elements.map((element) => element.textContent.replace(/\s+/g, ' ').trim());

export const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

export class Editor {
  constructor(page, out) {
    this.page = page;
    this.out = out;
    this.shots = 0;
  }

  /** Reads until the result is as expected. `what` is a sentence that is then true. */
  async expect(what, read, isRight) {
    const begun = Date.now();
    let seen;
    for (;;) {
      seen = await read();
      if (isRight(seen)) {
        console.log(`ok: ${what} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
        return seen;
      }
      if (Date.now() - begun > PATIENCE) {
        throw new Error(`not true after ${PATIENCE / 1000} s: ${what}\nseen: ${JSON.stringify(seen, undefined, 2)}`);
      }
      await pause(PAUSE);
    }
  }

  /** Waits for an element that is only an intermediate step. */
  async wait(what, selector, fits = '') {
    const found = async () => {
      for (const element of await this.page.$$(selector)) {
        const seen = await element.evaluate((it) => [it.textContent, it.getBoundingClientRect().height]);
        if (seen[0].replace(/\s+/g, ' ').includes(fits) && seen[1] > 0) {
          return element;
        }
      }
      return undefined;
    };
    for (const begun = Date.now(); Date.now() - begun < PATIENCE; await pause(PAUSE)) {
      const element = await found();
      if (element !== undefined) {
        return element;
      }
    }
    throw new Error(`after ${PATIENCE / 1000} s there is no ${what} (${selector}, "${fits}")`);
  }

  async click(what, selector, fits) {
    const element = await this.wait(what, selector, fits);
    await element.click();
  }

  async keys(...names) {
    for (const held of names.slice(0, -1)) {
      await this.page.keyboard.down(held);
    }
    await this.page.keyboard.press(names.at(-1));
    for (const held of names.slice(0, -1).reverse()) {
      await this.page.keyboard.up(held);
    }
  }

  async shot(name) {
    // Waits for animations.
    await pause(500);
    this.shots += 1;
    await this.page.screenshot({ path: path.join(this.out, `${String(this.shots).padStart(2, '0')}-${name}.png`) });
  }

  // Actions of a person.

  /** Types into the field at the top, once it is shown, and picks the first row. */
  async pick(text, row = text) {
    await this.wait('field to type into', '.quick-input-widget input');
    await this.page.keyboard.type(text);
    await this.wait('row of the list', '.quick-input-list .monaco-list-row', row);
    await this.keys('Enter');
  }

  async command(title) {
    await this.keys('F1');
    await this.pick(title);
  }

  /** Opens a file of the folder, by its name, at a line. */
  async open(file, line = 1) {
    const row = await this.wait('file in the folder', '.explorer-folders-view .monaco-list-row', file);
    await row.click({ count: 2 });
    await this.expect(`${file} is open`, () => this.uri(), (uri) => uri.endsWith(`/${file}`));
    await this.keys('Control', 'g');
    await this.wait('field to type into', '.quick-input-widget input');
    await this.page.keyboard.type(String(line));
    await this.keys('Enter');
    await pause(500);
  }

  /** Opens the lightbulb's list at the cursor. */
  async lightbulb() {
    await this.expect(
      'the lightbulb has a list',
      async () => {
        await this.keys('Control', '.');
        await pause(1000);
        return this.read('.action-widget .monaco-list-row.action');
      },
      (rows) => rows.length > 0,
    );
  }

  async hover(selector, fits) {
    const element = await this.wait('text to hover over', selector, fits);
    await this.leave();
    await element.hover();
  }

  /** Moves the mouse away and closes what it opened. */
  async leave() {
    await this.page.mouse.move(0, 0);
    await this.keys('Escape');
  }

  // What is visible.

  read(selector) {
    return this.page.$$eval(selector, texts);
  }

  problems() {
    return this.read('.markers-panel .monaco-list-row');
  }

  /** The URI of the document with the cursor, which is the last one in view. */
  async uri() {
    const uris = await this.page.$$eval('.editor-instance .monaco-editor[data-uri]', (all) =>
      all.map((editor) => editor.getAttribute('data-uri')),
    );
    return uris.at(-1) ?? '';
  }

  /** The numbers of the visible lines that are underlined with this severity. */
  underlined(severity) {
    return this.page.evaluate((mark) => {
      const lines = new Map();
      for (const row of document.querySelectorAll('.editor-instance .margin-view-overlays > div')) {
        lines.set(row.style.top, row.querySelector('.line-numbers')?.textContent.trim());
      }
      const marks = [...document.querySelectorAll(`.editor-instance .view-overlays .squiggly-${mark}`)];
      return marks.map((it) => Number(lines.get(it.parentElement.style.top)));
    }, severity);
  }

  /** The alternative texts of the pictures in the pages inside the editor. */
  async pictures() {
    const all = await Promise.all(
      this.page.frames().map((frame) =>
        frame
          .$$eval('img', (images) => images.filter((it) => it.naturalWidth > 0).map((it) => it.alt))
          // A frame may disappear while it is read.
          .catch(() => []),
      ),
    );
    return all.flat();
  }
}
