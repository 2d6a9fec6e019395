"use strict";
// Search, filters and keys. The page is complete without them.
(() => {
  const by = (id) => document.getElementById(id);
  const form = by("filter");

  // Opens what an address points into.
  const reveal = () => {
    const target = by(location.hash.slice(1));
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName.toLowerCase() === "details") at.open = true;
    }
    const own = target && target.querySelector(":scope > details");
    if (own) own.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  // What is closed is printed, too, also by browsers that do not know `::details-content`.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const it of closed) it.open = true;
  });
  addEventListener("afterprint", () => {
    for (const it of closed) it.open = false;
    closed = [];
  });

  if (!form) return;
  const [query, answer, host, rule, hits] = ["query", "answer", "host", "rule", "hits"].map(by);
  const articles = [...by("list").children];
  let texts = null;

  const lookUp = () => {
    // Read once, when it is asked for first.
    texts = texts || articles.map((it) => it.textContent.toLowerCase());
    return texts;
  };

  const answers = (article) => {
    const known = article.dataset.answers.split(" ").map((it) => it.split(":"));
    return known.some(([of, what]) => (!host.value || of === host.value) && (!answer.value || what === answer.value));
  };

  const apply = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const all = words.length ? lookUp() : null;
    let count = 0;
    articles.forEach((article, index) => {
      const fits = ((!host.value && !answer.value) || answers(article))
        && (!rule.value || article.dataset.rules.split(" ").includes(rule.value))
        && (!all || words.every((word) => all[index].includes(word)));
      if (article.hidden === fits) article.hidden = !fits;
      if (fits) count += 1;
    });
    const noun = articles.length === 1 ? "component" : "components";
    hits.textContent = count === articles.length ? `${count} ${noun}` : `${count} of ${articles.length} ${noun}`;
  };

  const open = (state) => {
    for (const article of articles) {
      const details = article.querySelector(":scope > details");
      if (details && !article.hidden) details.open = state;
    }
  };

  let waiting = 0;
  query.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 60);
  });
  for (const it of [answer, host, rule]) it.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  by("open").addEventListener("click", () => open(true));
  by("close").addEventListener("click", () => open(false));

  // Numbers in the overview narrow the list.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-rule], a[data-host]");
    if (!link) return;
    form.reset();
    rule.value = link.dataset.rule || "";
    host.value = link.dataset.host || "";
    answer.value = link.dataset.answer || "";
    setTimeout(apply);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      query.focus();
      query.select();
    } else if (event.key === "Escape" && event.target === query) {
      if (query.value === "") query.blur();
      query.value = "";
      apply();
    }
  });

  form.hidden = false;
  apply();
})();
