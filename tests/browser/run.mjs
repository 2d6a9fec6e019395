// Opens pages of the format `html` in Chromium and checks them as readers use them: with a mouse, with keys alone, with a
// screen reader, in the dark, on a phone, on paper, and without scripts.
//
// usage: node tests/browser/run.mjs PROGRAM FOLDER OUT
//
// FOLDER is what tests/browser/fetch filled. OUT gets the pages and their screenshots.

import {mkdirSync, readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {resolve} from "node:path";
import {pathToFileURL} from "node:url";

import * as checks from "./checks.mjs";
import {pages} from "./pages.mjs";

const [program, folder, out] = process.argv.slice(2).map((it) => resolve(it));
if (!out) throw new Error("usage: node tests/browser/run.mjs PROGRAM FOLDER OUT");
mkdirSync(out, {recursive: true});
const require = createRequire(`${folder}/`);
const {chromium} = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// A browser that asks the network for nothing by itself.
const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const browser = await chromium.launch({executablePath: "/usr/bin/chromium", args: flags});
const wide = {width: 1280, height: 900};
const narrow = {width: 390, height: 844};
let passed = 0;
const failures = [];

// Opens a page, and fails for whatever it says on the console or asks for.
async function open(page, options = {}) {
  const context = await browser.newContext({viewport: wide, ...options});
  const tab = await context.newPage();
  tab.complaints = [];
  tab.on("console", (it) => tab.complaints.push(`console: ${it.text()}`));
  tab.on("pageerror", (it) => tab.complaints.push(`error: ${it.message}`));
  const address = pathToFileURL(page.file).href;
  tab.on("request", (it) => {
    if (it.url() !== address) tab.complaints.push(`request: ${it.url()}`);
  });
  const begin = Date.now();
  await tab.goto(address);
  tab.opened = Date.now() - begin;
  return tab;
}

async function check(page, name, options, run) {
  const tab = await open(page, options);
  try {
    await run(tab);
    checks.none(tab.complaints);
    passed += 1;
  } catch (error) {
    failures.push(`${page.name}: ${name}: ${error.message}`);
  } finally {
    await tab.context().close();
  }
}

// With what a reader sees once it is scrolled to, and the first component open.
const whole = (tab) => tab.evaluate(() => {
  document.querySelectorAll("article").forEach((it) => { it.style.contentVisibility = "visible"; });
  const first = document.querySelector("article > details");
  if (first) first.open = true;
});
const shot = (tab, name, fullPage = true) => tab.screenshot({path: `${out}/${name}.png`, fullPage});

for (const page of pages(program, out)) {
  for (const colorScheme of ["light", "dark"]) {
    for (const [size, viewport] of [["wide", wide], ["narrow", narrow]]) {
      await check(page, `${size}, ${colorScheme}`, {colorScheme, viewport}, async (tab) => {
        await checks.fits(tab);
        if (page.large) return;
        await whole(tab);
        await checks.fits(tab);
        await shot(tab, `${page.name}-${size}-${colorScheme}`);
      });
    }
    if (page.large) continue;
    await check(page, `axe, ${colorScheme}`, {colorScheme, bypassCSP: true}, (tab) => checks.accessible(tab, axe));
  }
  if (page.large) {
    await check(page, "speed", {}, async (tab) => {
      const {first, later, all} = await checks.speed(tab, page);
      console.log(`${page.name}: ${page.bytes} bytes, open after ${tab.opened} ms, first search ${first} ms, later ones ${later} ms, open all ${all} ms`);
    });
    continue;
  }
  await check(page, "keys", {}, checks.keys);
  await check(page, "names", {}, checks.names);
  await check(page, "paper", {}, async (tab) => {
    await checks.paper(tab);
    await tab.pdf({path: `${out}/${page.name}.pdf`, format: "A4"});
    await tab.emulateMedia({media: "print"});
    // All parts of many pages are more than one picture can hold.
    await shot(tab, `${page.name}-print`, !page.many);
  });
  await check(page, "no script", {javaScriptEnabled: false}, (tab) => checks.scriptless(tab, page));
  if (page.searched) {
    await check(page, "search", {}, (tab) => checks.search(tab, page));
    await check(page, "addresses", {}, checks.addresses);
  }
  if (page.hostile) await check(page, "hostile names", {}, (tab) => checks.harmless(tab, page));
}
await browser.close();
failures.forEach((it) => console.error(it));
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
