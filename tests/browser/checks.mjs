// What is checked of an open page. Each check throws if something is wrong.

import {HOSTILE} from "./pages.mjs";

export function none(complaints) {
  if (complaints.length) throw new Error(complaints.slice(0, 8).join("; "));
}

function expect(what, seen, wanted) {
  if (seen !== wanted) throw new Error(`${what}: ${seen} instead of ${wanted}`);
}

// Nothing is wider than the screen.
export async function fits(tab) {
  const [wide, room] = await tab.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  if (wide > room) throw new Error(`the page is ${wide} wide on a screen of ${room}`);
}

// axe finds nothing, with all parts open. Its rules are those of WCAG 2.2 AA and its own advice.
export async function accessible(tab, axe) {
  await openAll(tab);
  await tab.evaluate(axe);
  const violations = await tab.evaluate(async () => {
    // What is not drawn has no contrast to be measured.
    document.querySelectorAll("article").forEach((it) => { it.style.contentVisibility = "visible"; });
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const {violations} = await window.axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
    return violations.map((it) => `${it.id}: ${it.help}: ${it.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))}`);
  });
  none(violations);
}

const openAll = (tab) => tab.evaluate(() => document.querySelectorAll("details").forEach((it) => { it.open = true; }));

// The tab key reaches all that can be operated, in the order of the page, and shows where it is.
export async function keys(tab) {
  const wanted = await tab.evaluate(() => {
    const all = [...document.querySelectorAll("a[href], summary, input, select, button, [tabindex]")];
    const shown = all.filter((it) => it.checkVisibility({contentVisibilityAuto: false, visibilityProperty: true}));
    shown.forEach((it, index) => { it.dataset.order = index; });
    return shown.length;
  });
  for (let index = 0; index < wanted; index += 1) {
    await tab.keyboard.press("Tab");
    const [order, outline] = await tab.evaluate(() => {
      const at = document.activeElement;
      return [Number(at.dataset.order), getComputedStyle(at).outlineStyle];
    });
    expect("the focus is at", order, index);
    if (outline === "none") throw new Error(`element ${index} does not show that it has the focus`);
  }
}

// The accessibility tree has the landmarks, and names for all that is operated or seen as a picture.
export async function names(tab) {
  await openAll(tab);
  const client = await tab.context().newCDPSession(tab);
  const {nodes} = await client.send("Accessibility.getFullAXTree");
  const shown = nodes.filter((it) => !it.ignored);
  const of = (role) => shown.filter((it) => it.role?.value === role);
  for (const role of ["banner", "main", "contentinfo"]) expect(`landmarks ${role}`, of(role).length, 1);
  for (const role of ["link", "button", "searchbox", "combobox", "image", "heading", "region", "rowheader", "columnheader"]) {
    const nameless = of(role).filter((it) => !it.name?.value.trim());
    if (nameless.length) throw new Error(`${nameless.length} of role ${role} have no name`);
  }
  if (!of("columnheader").length || !of("rowheader").length) throw new Error("tables have no headers");
  if (await tab.locator("#filter").count()) expect("search landmarks", of("search").length, 1);
}

// On paper all parts are open, and no control is seen.
export async function paper(tab) {
  await tab.emulateMedia({media: "print"});
  const wrong = await tab.evaluate(() => {
    const hidden = [...document.querySelectorAll("table, pre, dl, svg.secondcall")];
    const shut = hidden.filter((it) => !it.getBoundingClientRect().height).length;
    const controls = [...document.querySelectorAll("#filter, .skip")].filter((it) => it.getBoundingClientRect().height);
    return [shut && `${shut} parts are closed`, controls.length && "controls are seen"].filter(Boolean);
  });
  none(wrong);
}

// All can be read without the script, and no control is there that does nothing.
export async function scriptless(tab, page) {
  if (page.many) {
    expect("articles", await tab.locator("article:visible").count(), page.many);
    expect("forms", await tab.locator("#filter:visible").count(), 0);
    await tab.locator("article > details > summary").first().click();
  }
  if (!await tab.locator("table.answers:visible").count()) throw new Error("no answer is seen");
  if (!await tab.locator("table.calls:visible").count()) throw new Error("no export is seen");
}

// The same for what takes a while.
async function soon(what, read, wanted) {
  const end = Date.now() + PATIENCE;
  while (await read() !== wanted && Date.now() < end) await new Promise((done) => setTimeout(done, 20));
  expect(what, await read(), wanted);
}

const visible = (tab) => tab.locator("article:visible").count();
const hits = (tab) => tab.locator("#hits").textContent();
// How long a page may take to follow a click or a word, in milliseconds.
const PATIENCE = 10_000;

export async function search(tab, page) {
  const all = `${page.many} components`;
  await soon("hits at first", () => hits(tab), all);
  await tab.keyboard.press("/");
  expect("the focus is at", await tab.evaluate(() => document.activeElement.id), "query");
  await tab.keyboard.type("hello.wasm");
  await soon("hits of a path", () => hits(tab), `1 of ${all}`);
  await soon("components of a path", () => visible(tab), 1);
  await tab.keyboard.press("Escape");
  await soon("hits after Esc", () => hits(tab), all);
  await tab.keyboard.type("no component says this");
  await soon("components of nothing", () => visible(tab), 0);
  await tab.getByRole("button", {name: "Clear"}).click();
  await soon("components after Clear", () => visible(tab), page.many);

  await tab.locator("#rule").selectOption("memory_grows");
  const of = await tab.locator("article[data-rules~=memory_grows]").count();
  await soon("components of a rule", () => visible(tab), of);
  await tab.locator("#host").selectOption("wasmtime-run");
  await tab.locator("#answer").selectOption("fails");
  const both = await tab.locator("article[data-rules~=memory_grows][data-answers~='wasmtime-run:fails']").count();
  await soon("components of all filters", () => visible(tab), both);

  // A number of the overview narrows the list to what it counts.
  const number = tab.locator("a[data-host=spec][data-answer=fails]");
  const count = Number(await number.textContent());
  await number.click();
  await soon("components behind a number", () => visible(tab), count);

  await tab.getByRole("button", {name: "Open all"}).click();
  await soon("open components", () => tab.locator("article:visible > details[open]").count(), count);
  await tab.getByRole("button", {name: "Close all"}).click();
  await soon("open components", () => tab.locator("article > details[open]").count(), 0);
}

// The address of a finding opens what it is in.
export async function addresses(tab) {
  const id = await tab.evaluate(() => document.querySelector("article details .finding").id);
  await tab.evaluate((it) => { location.hash = it; }, id);
  await soon(`#${id} is seen`, () => tab.locator(`[id="${id}"]`).isVisible(), true);
}

// Names are shown as they are, and are nothing else.
export async function harmless(tab) {
  expect("scripts", await tab.locator("script").count(), 1);
  expect("elements of a name", await tab.locator("[onload], body b[onload]").count(), 0);
  const shown = HOSTILE.split("\u202e")[0];
  const text = await tab.evaluate(() => document.body.innerText);
  if (!text.includes(shown)) throw new Error("the name is not shown");
  if (/[\u0000\u202e\u2066]/.test(text)) throw new Error("a mark is shown as it is");
}

// How long searches take, until what they found is drawn, in milliseconds.
export async function speed(tab, page) {
  const one = (words) => tab.evaluate(async (words) => {
    const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const [query, hits] = [document.getElementById("query"), document.getElementById("hits")];
    hits.textContent = "";
    query.value = words;
    const begin = performance.now();
    query.dispatchEvent(new Event("input"));
    while (!hits.textContent) await drawn();
    await drawn();
    return Math.round(performance.now() - begin);
  }, words);
  expect("hits at first", await hits(tab), `${page.many} components`);
  const first = await one("hello.wasm");
  const later = [await one("wears_out"), await one("memory"), await one("fires race")].sort((a, b) => a - b)[1];
  await one("");
  const begin = Date.now();
  await tab.getByRole("button", {name: "Open all"}).click();
  await tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  const all = Date.now() - begin;
  // Generous, for a machine that others use, too.
  if (tab.opened > 20_000 || first > 5000 || later > 2000) throw new Error(`${tab.opened}, ${first}, ${later} ms`);
  return {first, later, all};
}
