"""Reads a page back: its blocks of data, and the coordinates packed in them."""

import json
import re
from typing import Any

#: The map, for what a test evaluates in the page.
THE_MAP = "window[Object.keys(window).find(key => key.startsWith('map_') && window[key].planState)]"


def blocks(page: str) -> dict[str, Any]:
    """Return every data block by the kind of its element."""
    found = re.findall(r'<script type="application/json" id="data_([a-z]+)_\d+">(.*?)</script>', page)
    return {kind: json.loads(text) for kind, text in found}


def unpacked(data: dict[str, Any], steps: list[int], start: list[int] | None = None) -> list[tuple[float, float]]:
    """Return steps as longitude and latitude."""
    x, y = start or data["origin"]
    places = []
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        places.append((x * data["unit"], y * data["unit"]))
    return places


def unpacked_parts(data: dict[str, Any], parts: list[list[int]]) -> list[list[tuple[float, float]]]:
    """Return several parts, each starting from the first point of the one before."""
    start, lines = list(data["origin"]), []
    for steps in parts:
        lines.append(unpacked(data, steps, start))
        start = [start[0] + steps[0], start[1] + steps[1]]
    return lines
