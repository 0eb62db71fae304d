/* Four printed pages at most: rows beyond them are left out of the print, the longest table first, and counted. */
"use strict";
(function () {
  const MM = 96 / 25.4, PAGE = 265 * MM, PAGES = 3;
  const root = document.documentElement, main = document.querySelector("main");
  const all = (from, what) => Array.from(from.querySelectorAll(what));
  const lineAfter = (list) => (list.closest("table") || list).nextElementSibling;
  const lists = all(main, "tbody, ul.notes").filter(
    (list) => !list.closest(".first, .pairs") && lineAfter(list)?.matches(".more[data-more]"));

  /* What is done in turn while there is too much: rows down to so many in each table, or parts that go as a whole. */
  const STEPS = [8, ".pairs table", ".circle .group:not(:first-of-type)", 4, ".frontiers", 2];
  const spared = main.querySelector(".spared");

  /* What is never torn apart, from top to bottom, with whether the next must follow on the same page. */
  function units() {
    const found = all(main, "h2, p, caption, thead, tbody tr, ul.notes li, .pairs").filter(
      (one) => !one.closest(".first") && !(one.parentNode.closest(".pairs")) && one.getClientRects().length);
    const tops = found.map((one) => one.getBoundingClientRect().top);
    tops.push(main.getBoundingClientRect().bottom);
    return found.map((one, k) => ({ one, height: tops[k + 1] - tops[k], keeps: keeps(one, found[k + 1]) }));
  }

  function keeps(one, next) {
    if (one.matches("h2, .intro, caption, thead")) return true;
    if (!next) return false;
    if (next.matches(".more")) return true;
    const rows = one.matches("tr") && next.parentNode === one.parentNode ? shown(one.parentNode) : [];
    return rows.length > 0 && (one === rows[0] || next === rows[rows.length - 1]);
  }

  function pages(parts) {
    let count = 1, filled = 0, group = 0;
    parts.forEach((unit) => {
      group += unit.height;
      if (unit.keeps) return;
      if (filled + group > PAGE && filled) { count += 1; filled = 8 * MM; }
      filled += group;
      group = 0;
    });
    return count;
  }

  const shown = (list) => Array.from(list.children).filter((row) => !row.classList.contains("cut"));

  function count() {
    lists.forEach((list) => {
      const line = lineAfter(list);
      const left = Number(line.dataset.more) + all(list, ".cut").length;
      line.classList.toggle("none", left === 0);
      all(line, "b").forEach((number) => { number.textContent = String(left); });
    });
  }

  /* At least a row goes, and as many as are surely too many; false where no table can spare one. */
  function cut(parts, least) {
    const height = new Map(parts.map((part) => [part.one, part.height]));
    let left = parts.reduce((sum, part) => sum + part.height, 0) - PAGES * PAGE;
    let some = false;
    do {
      const longest = lists.reduce((a, b) => (a && shown(a).length >= shown(b).length ? a : b), null);
      const rows = longest ? shown(longest) : [];
      if (rows.length <= least) return some;
      const last = rows[rows.length - 1];
      last.classList.add("cut");
      left -= height.get(last);
      some = true;
    } while (left > 0);
    return true;
  }

  /* The page is laid out as on paper, cut, and left as it was on the screen. */
  window.planFit = function () {
    all(main, ".cut").forEach((row) => row.classList.remove("cut"));
    root.classList.add("on-paper");
    spared.classList.add("none");
    count();
    STEPS.forEach((step) => {
      let parts = units();
      if (pages(parts) <= PAGES) return;
      if (typeof step === "string") {
        all(main, step).forEach((part) => part.classList.add("cut"));
        spared.classList.toggle("none", !main.querySelector(step) && spared.classList.contains("none"));
        return;
      }
      for (; pages(parts) > PAGES && cut(parts, step); parts = units()) count();
    });
    root.classList.remove("on-paper");
  };
  window.planFit();
  window.addEventListener("beforeprint", window.planFit);
})();
