"""What-if in the page at 20,000 homes × 1,000 sites: bytes carried, and milliseconds a toggle counts.

Run with `python -m tests.benchmarks.page_whatif`.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from planner.mapping.bytes import bytes_block, deflated
from planner.mapping.elements import asset
from planner.mapping.packed_walks import TENTH_MS, byte_planes
from tests.browser import CHROMIUM

HOMES, SITES, PAIRS_A_HOME = 20_000, 1_000, 30
LIMIT_MS = 900_000

TOGGLE = """async () => {
  const head = JSON.parse(document.getElementById('head').textContent);
  const loading = performance.now();
  const walks = planMap.unpackWalks(await planMap.bytes('walks'), head);
  const loaded = performance.now() - loading;
  const need = { people: head.people, offered: new Array(head.sites).fill(1), reached: [], perMinute: 60000 };
  const rule = { limit: 150, breaks: [50, 100] };
  const open = Array.from({ length: head.sites }, (_, place) => Number(place % 20 === 0));
  const times = [];
  for (let turn = 0; turn < 40; turn += 1) {
    const started = performance.now();
    open[(turn * 7) % head.sites] ^= 1;
    const found = planMap.nearestOpen(walks, need, open, rule.limit);
    planMap.measure(found, need, rule, { unit: 6000 }, true);
    planMap.worthOfSites(walks, need, found, rule.limit, head.sites);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return { loaded, median: times[20], slowest: times[39] };
}"""


def measure() -> dict[str, Any]:
    """Return bytes and milliseconds for homes and sites spread over a square, ids along its rows."""
    from playwright.sync_api import sync_playwright

    page, size = _page()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        tab = browser.new_page()
        tab.set_content(page)
        times = tab.evaluate(TOGGLE)
        browser.close()
    return {"bytes": size, **times}


def _page() -> tuple[str, int]:
    draw = np.random.default_rng(1)
    homes, sites = draw.random((HOMES, 2)), draw.random((SITES, 2))
    homes, sites = (_along_rows(points) for points in (homes, sites))
    apart = np.abs(homes[:, None, :] - sites[None]).sum(axis=2)
    near = np.sort(np.argpartition(apart, PAIRS_A_HOME, axis=1)[:, :PAIRS_A_HOME], axis=1)
    far = np.take_along_axis(apart, near, axis=1)
    walk = np.ceil(far / far.max() * LIMIT_MS / TENTH_MS).astype(np.int64)
    step = np.diff(near, axis=1, prepend=0).astype(np.int64)
    numbers = np.concatenate([np.full(HOMES, PAIRS_A_HOME), step.ravel(), walk.ravel()])
    data = byte_planes(numbers)
    head = {"homes": HOMES, "sites": SITES, "pairs": HOMES * PAIRS_A_HOME, "people": [50] * HOMES}
    scripts = "".join(f"<script>{asset(name)}</script>" for name in ("bytes.js", "whatif_count.js"))
    told = f'<script type="application/json" id="head">{json.dumps(head)}</script>'
    block = bytes_block("walks", data)
    return f"<!doctype html><script>var planMap = {{}};</script>{scripts}{told}{block}", len(deflated(data)) * 4 // 3


def _along_rows(points: Any) -> Any:
    return points[np.lexsort((points[:, 0], np.floor(points[:, 1] * 20)))]


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
