"""The map of a large study: how large it is, how long it takes to write, and how it opens and moves in Chromium."""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import folium
import numpy as np

import planner
from planner.mapping import map_page
from tests.benchmarks.paper_city import write_paper_city
from tests.browser import CHROMIUM

HOMES, SITES, TODAY, NEW, SEGMENTS = 20_000, 1_000, 150, 50, 30_000
MEGABYTE = 1e6
_RULES: dict[str, Any] = {
    "constraints": [{"name": "keep_open"}, {"name": "station_count", "new_stations": NEW}],
    "solver.gap": 0.02,
}
_PAINT = """window.painted = {};
new PerformanceObserver((seen) => seen.getEntries().forEach((one) => { window.painted[one.name] = one.startTime; }))
  .observe({type: 'paint', buffered: true});"""
_START = """() => { window.frames_ms = []; window.counting = true; let last = performance.now();
const next = (now) => {
  window.frames_ms.push(now - last);
  last = now;
  if (window.counting) requestAnimationFrame(next);
};
requestAnimationFrame(next); }"""
_STOP = "() => { window.counting = false; return window.frames_ms.slice(2); }"


def table() -> str:
    """Return the table as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.benchmarks.pages", folder]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    busy = f"load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"
    city = f"{HOMES:,} compounds, {SITES:,} sites, {TODAY + NEW} catchments a need"
    head = f"{datetime.date.today().isoformat()}: {city}; {busy}."
    rows = "\n".join(f"| {what} | {figure} |" for what, figure in told)
    return f"{head}\n\n| what | measured |\n|---|---|\n{rows}"


def measure(folder: Path) -> list[tuple[str, str]]:
    """Write the study, plan it, write its map and the peer's, and open the map."""
    plan = planner.make_plan(planner.read_plan(write_paper_city(folder, HOMES, SITES, TODAY, SEGMENTS), _RULES))
    map_page(plan)
    started = process_time()
    page = map_page(plan)
    seconds = process_time() - started
    file = folder / "map.html"
    file.write_text(page, encoding="utf-8")
    rows = [("`map.html`, MB (floor 6)", _mb(page)), ("writing it, CPU seconds (floor 5)", f"{seconds:.2f}")]
    rows += [(f"of it {name}, MB", _mb(text)) for name, text in _blocks(page)]
    rows += _peer(plan, folder / "peer.html")
    return rows + (_opened(file) if CHROMIUM.exists() else [("Chromium", "not here")])


def _mb(text: str) -> str:
    return f"{len(text.encode()) / MEGABYTE:.2f}"


def _blocks(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<script type="application/[^"]*" id="([^"]*)">(.*?)</script>', page, re.DOTALL)
    return [(re.sub(r"data_|_\d+", "", name), text) for name, text in found if len(text) > MEGABYTE / 100]


def _peer(plan: planner.Plan, file: Path) -> list[tuple[str, str]]:
    """Write the same outlines with their names as Folium's own layer."""
    homes = plan.demand.table[["name"]].set_geometry(plan.demand.shapes).set_crs(plan.demand.table.crs).to_crs(4326)
    started = process_time()
    theirs = folium.Map(tiles=None)
    folium.GeoJson(homes.reset_index(drop=True), tooltip=folium.GeoJsonTooltip(["name"])).add_to(theirs)
    theirs.save(file)
    seconds = process_time() - started
    return [("the outlines alone as `folium.GeoJson`", f"{file.stat().st_size / MEGABYTE:.1f} MB, {seconds:.1f} CPU s")]


def _opened(file: Path) -> list[tuple[str, str]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True, bypass_csp=True).new_page()
        page.add_init_script(_PAINT)
        started = perf_counter()
        page.goto(file.as_uri())
        page.wait_for_function("window.painted['first-contentful-paint'] !== undefined")
        opened = perf_counter() - started
        paint = page.evaluate("window.painted['first-contentful-paint']") / 1000
        page.wait_for_timeout(1000)
        rows = [
            ("first contentful paint, s (floor 1.5)", f"{paint:.2f}"),
            ("until the page can be asked, s", f"{opened:.2f}"),
        ]
        for name, act in (("pan", _pan), ("zoom", _zoom), ("before and after", _switch), ("need", _needs)):
            page.evaluate(_START)
            act(page)
            rows.append((f"frames, {name}: median, worst 5 %, ms", _frames(page.evaluate(_STOP))))
        browser.close()
    return rows


def _frames(milliseconds: list[float]) -> str:
    ordered = np.sort(milliseconds)
    return f"{np.median(ordered):.0f}, {ordered[int(0.95 * len(ordered)) :].mean():.0f}"


def _pan(page: Any) -> None:
    for step in (6, -6, 6):
        page.mouse.move(830, 400)
        page.mouse.down()
        for number in range(25):
            page.mouse.move(830 + step * number, 400 + step * number / 2)
            page.wait_for_timeout(16)
        page.mouse.up()
        page.wait_for_timeout(300)


def _zoom(page: Any) -> None:
    page.mouse.move(830, 400)
    for turn in (-120, -120, 120, 120):
        page.mouse.wheel(0, turn)
        page.wait_for_timeout(600)


def _switch(page: Any) -> None:
    _click(page, "view", ("before", "after", "before", "after"))


def _needs(page: Any) -> None:
    _click(page, "need", ("1", "0", "1", "0"))


def _click(page: Any, name: str, values: tuple[str, ...]) -> None:
    for value in values:
        page.evaluate(f'document.querySelector(\'input[name$="_{name}"][value="{value}"]\').click()')
        page.wait_for_timeout(400)


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
