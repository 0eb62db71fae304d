"""What slopes make of the paths: metres on the level that take as long, and the steepest rise, in both directions.

Where a slope comes from, the first that applies: steps and lifts have none; `incline` in numbers; bridges and tunnels
run straight from one end to the other; everything else lies on the ground of a height model, where one is given.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.bilingual import Text
from planner.model import Note, Parameter, tobler_level_metres
from planner.network.contraction import Edges
from planner.network.heights import Heights
from planner.network.slope_pieces import EdgeClasses, SlopePieces, even_pieces
from planner.network.terrain import SMOOTHED_OVER_M
from planner.network.walk_network import WalkNetwork

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

#: Steeper slopes are walked as if they were this steep: the formula is made for walking, not for climbing.
STEEPEST = 0.4

HEIGHT_PARAMETERS = (
    Parameter(
        "network.heights_smoothed_m",
        Text("高程平滑范围（标准差）", "heights averaged over (standard deviation)"),
        f"{SMOOTHED_OVER_M:g} m",
        Text("建议默认值，抑制高程误差造成的虚假坡度", "suggested default, so that errors do not become slopes"),
        "chosen",
    ),
    Parameter(
        "network.steepest",
        Text("计入的最大坡度", "steepest slope counted"),
        f"{STEEPEST:.0%}",
        Text("建议默认值", "suggested default"),
        "chosen",
    ),
)

#: Where the slope of an edge comes from.
UNKNOWN, FROM_TAG, FROM_HEIGHTS = 0, 1, 2


class Slopes(NamedTuple):
    """Slopes of each edge, shape (edges,): see `WalkNetwork`."""

    level_m: Floats
    level_back_m: Floats
    steepest: Floats
    steepest_back: Floats
    slope_from: npt.NDArray[np.uint8]


def slopes_of(
    edges: Edges, classes: EdgeClasses, segment_m: Floats, length_m: Floats, heights: Heights | None
) -> Slopes:
    """Return the slopes of all edges.

    Parameters
    ----------
    segment_m : array of float64
        Length of the segment from each place of the edges to the next; 0 from the last place of an edge.
    length_m : array of float64, shape (edges,)
    heights : Heights, optional
    """
    slope = classes.incline.copy()
    slope_from = np.where(np.isnan(slope), UNKNOWN, FROM_TAG).astype(np.uint8)
    if heights is None:
        return _summed(edges, even_pieces(edges, slope), segment_m, slope_from)
    free = np.isnan(slope) & ~classes.without_slope
    bridged = free & classes.off_ground
    slope[bridged] = (heights.rise_m(edges) / np.maximum(length_m, _LEAST_M))[bridged]
    draped = heights.draped_pieces(edges, free & ~classes.off_ground, segment_m)
    slope_from[(bridged & np.isfinite(slope)) | draped.known(len(length_m))] = FROM_HEIGHTS
    return _summed(edges, even_pieces(edges, slope).and_also(draped), segment_m, slope_from)


#: No edge counts as shorter.
_LEAST_M = 0.01


def _summed(edges: Edges, pieces: SlopePieces, segment_m: Floats, slope_from: npt.NDArray[np.uint8]) -> Slopes:
    """Add the pieces up to edges; an edge with a gap in its heights has no slope at all."""
    kept = slope_from[pieces.edge] != UNKNOWN
    edge, place, found = pieces.edge[kept], pieces.place[kept], pieces.slope[kept]
    slope = np.clip(found, -STEEPEST, STEEPEST)
    ahead, back = (_level_metres(edges, place, segment_m, each) for each in (slope, -slope))
    steepest, steepest_back = np.zeros(len(slope_from)), np.zeros(len(slope_from))
    np.maximum.at(steepest, edge, found)
    np.maximum.at(steepest_back, edge, -found)
    return Slopes(ahead, back, steepest, steepest_back, slope_from)


def _level_metres(edges: Edges, place: Integers, segment_m: Floats, slope: Floats) -> Floats:
    """Return the metres on the level of each edge: those of its segments, added up as their lengths are."""
    pieces = np.bincount(place, minlength=len(segment_m))
    summed = np.bincount(place, weights=tobler_level_metres(slope), minlength=len(segment_m))
    factor = np.where(pieces > 0, summed / np.maximum(pieces, 1), 1.0)
    return np.asarray(np.add.reduceat(segment_m * factor, edges.first[:-1]), dtype=np.float64)


def slope_notes(slopes: Slopes, classes: EdgeClasses, length_m: Floats, heights: Heights | None) -> tuple[Note, ...]:
    """Tell where heights are missing, and what is steeper than anybody walks."""
    missing = (slopes.slope_from == UNKNOWN) & ~classes.without_slope
    too_steep = np.maximum(slopes.steepest, slopes.steepest_back) > STEEPEST
    notes = []
    if heights is not None and missing.any():
        share = math.fsum(length_m[missing]) / math.fsum(length_m)
        words = Text(
            "高程数据未覆盖 {n} 段道路（占总长 {share:.1%}），这些道路按平路计。",
            "The heights have gaps at {n} paths, {share:.1%} of the length; those are taken as level.",
        )
        notes.append(Note("network.heights_missing", "warning", words.format(n=int(missing.sum()), share=share)))
    if too_steep.any():
        words = Text(
            "{n} 段道路坡度超过 {most:.0%}，按 {most:.0%} 计；请核对坡度标签或高程数据。",
            "{n} paths are steeper than {most:.0%} and counted as {most:.0%}; check their `incline` or the heights.",
        )
        notes.append(Note("network.slope_capped", "warning", words.format(n=int(too_steep.sum()), most=STEEPEST)))
    return tuple(notes)


def slope_parameters(network: WalkNetwork) -> tuple[Parameter, ...]:
    """Return what slopes from a height model rest on; nothing where there are none."""
    return HEIGHT_PARAMETERS if (network.slope_from == FROM_HEIGHTS).any() else ()


def slope_note(network: WalkNetwork) -> Note:
    """Tell what share of the length has a slope, and from where."""
    length_m, slope_from = network.length_m, network.slope_from
    total = math.fsum(length_m) or 1.0
    tagged, measured = (math.fsum(length_m[slope_from == source]) / total for source in (FROM_TAG, FROM_HEIGHTS))
    if not tagged and not measured:
        words = Text("路网没有坡度信息，全部按平路计。", "Nothing is known about slopes: every path is taken as level.")
        return Note("network.slopes", "assumption", words)
    words = Text(
        "坡度：总长的 {measured:.1%} 取自高程数据，{tagged:.1%} 取自道路坡度标签，其余（含台阶）无坡度信息，按平路计。",
        "Slopes: {measured:.1%} of the length from the heights, {tagged:.1%} from `incline`; the rest, steps among it, "
        "is taken as level.",
    )
    return Note("network.slopes", "assumption", words.format(measured=measured, tagged=tagged))
