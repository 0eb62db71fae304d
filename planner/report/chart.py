"""A small chart of a frontier: the share covered against the limit, one line a need; own SVG, no scripts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

_WIDTH, _HEIGHT = 380, 150
_BETWEEN_TICKS = 26
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 14, 12, 26
#: Need by need; patterns differ, not only colours.
_STYLES = ("l1", "l2", "l3", "l4")


def frontier_chart(rows: Sequence[dict[str, Any]], here: float | None, label: str, is_floor: bool = False) -> Markup:
    """Return the chart.

    Parameters
    ----------
    rows : sequence of mappings
        `x` (the limit), `shares` (0 to 1, one for each need) and `limit` (a Text, or words) of each point, in order.
    here : float or None
        The limit of the plan, marked by a line.
    label : str
        For screen readers.
    is_floor : bool
        Whether the limit is one from below, up to 1: what holds at a point holds to the left of it.
    """
    last = 1.0 if is_floor else max([row["x"] for row in rows] + ([here] if here is not None else []))
    parts = [_grid(), *_ticks(rows, last)]
    if here is not None:
        x = _across(here, last)
        parts.append(
            Markup('<line class="here" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>').format(x, _TOP, _HEIGHT - _BOTTOM)
        )
    for need, style in zip(range(len(rows[0]["shares"])), _STYLES, strict=False):
        parts.append(_line(rows, need, last, style, is_floor))
    return Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        _WIDTH, _HEIGHT, label, Markup("").join(parts)
    )


def _across(x: float, last: float) -> float:
    return round(_LEFT + (x / last if last else 0.0) * (_WIDTH - _LEFT - _RIGHT), 1)


def _up(share: float) -> float:
    return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _BOTTOM - _TOP), 1)


def _grid() -> Markup:
    rule = Markup('<line class="rule" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="tick" x="{}" y="{}">{}%</text>')
    return Markup("").join(
        rule.format(_LEFT, _WIDTH - _RIGHT, _up(share), _up(share), _LEFT - 5, _up(share) + 3.5, f"{share * 100:.0f}")
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    )


def _ticks(rows: Sequence[dict[str, Any]], last: float) -> list[Markup]:
    """Write what the points stand at; of those too close together only the first."""
    shown, end = [], -math.inf
    for row in rows:
        x = _across(row["x"], last)
        if x - end >= _BETWEEN_TICKS:
            shown.append((x, row["tick"]))
            end = x
    tick = Markup('<text class="tick middle" x="{}" y="{}">{}</text>')
    return [tick.format(x, _HEIGHT - _BOTTOM + 15, words) for x, words in shown]


def _line(rows: Sequence[dict[str, Any]], need: int, last: float, style: str, is_floor: bool) -> Markup:
    """Draw one need: a step at each limit, for nothing between two limits is proven."""
    points = [
        (_across(row["x"], last), _up(row["shares"][need])) for row in rows if not math.isnan(row["shares"][need])
    ]
    if not points:
        return Markup("")
    if is_floor:
        path = f"M{_LEFT} {points[0][1]}" + "".join(f"V{y}H{x}" for x, y in points)
    else:
        path = f"M{points[0][0]} {points[0][1]}" + "".join(f"H{x}V{y}" for x, y in points[1:])
    dots = Markup("").join(Markup('<circle class="{}" cx="{}" cy="{}" r="3"/>').format(style, x, y) for x, y in points)
    return Markup('<path class="{}" d="{}"/>{}').format(style, path, dots)
