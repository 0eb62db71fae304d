"""What the streets are worth for measuring walks, in numbers, before anybody trusts a result."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import shapely

from planner.bilingual import Text
from planner.model import Note
from planner.network.tags import FOOTWAYS
from planner.network.walk_network import WalkNetwork

# Chosen to tell usable street data from sketches of a town in the files we have seen; no standard names such numbers.
SPARSE_KM_PER_KM2 = 12.0
CELL_M = 500.0
SEPARATE_SHARE = 0.02
PRIVATE_SHARE = 0.20
FEW_FOOTWAYS_SHARE = 0.02

FOOTWAY_KINDS = frozenset(FOOTWAYS) - {"cycleway", "bridleway"}


def check_network(network: WalkNetwork) -> tuple[Note, ...]:
    """Return what the streets are worth: their extent, and a warning for everything that makes walks doubtful.

    Examples of what is noticed: a network in several pieces, no footways at all, far fewer paths than a built-up area
    has, many private ways. The thresholds are this module's constants.
    """
    notes = [_extent(network), _sparse(network), _footways(network), _separate(network), _private(network)]
    return tuple(note for note in notes if note is not None)


#: A hull of less than 100 m² is a line: what it has of area is rounding.
_LEAST_HULL_KM2 = 1e-4


def hull_km2(network: WalkNetwork) -> float:
    """Return the area of the convex hull of all paths, km²."""
    return float(shapely.convex_hull(shapely.linestrings(network.shape_xy)).area) / 1e6


def km_per_km2(network: WalkNetwork) -> float:
    """Return the length of paths per area of their hull, km/km²; infinite where they lie on one line."""
    area_km2 = hull_km2(network)
    return _km(network.length_m) / area_km2 if area_km2 > _LEAST_HULL_KM2 else math.inf


def typical_km_per_km2(network: WalkNetwork) -> float:
    """Return the density around a typical metre of path, km/km²: countryside at the edge of a file does not dilute it.

    The density of each cell of `CELL_M`, averaged with the length in the cell as weight.
    """
    within_edge = np.ones(len(network.shape_xy) - 1, dtype=bool)
    within_edge[network.shape_first[1:-1] - 1] = False
    from_xy, to_xy = network.shape_xy[:-1][within_edge], network.shape_xy[1:][within_edge]
    length_km = np.hypot(*(to_xy - from_xy).T) / 1000
    column, row = np.floor((from_xy + to_xy) / 2 / CELL_M).astype(np.int64).T
    _, cell = np.unique((column << 32) + row, return_inverse=True)
    cell_km = np.bincount(cell, weights=length_km)
    return float((cell_km**2).sum() / cell_km.sum() / (CELL_M / 1000) ** 2) if cell_km.sum() else 0.0


def share_of_length(network: WalkNetwork, chosen: npt.NDArray[np.bool_]) -> float:
    """Return the share of the total length that some of the edges make up."""
    total_m = math.fsum(network.length_m)
    return math.fsum(network.length_m[chosen]) / total_m if total_m else 0.0


def _km(length_m: npt.NDArray[np.float64]) -> float:
    return math.fsum(length_m) / 1000


def _extent(network: WalkNetwork) -> Note:
    density = km_per_km2(network)
    return Note(
        "network.extent",
        "assumption",
        Text(
            "步行路网：{edges} 段，总长 {km} 公里，外包范围 {area} 平方公里，密度 {density} 公里/平方公里。",
            "Walking network: {edges} paths, {km} km in all, within {area} km², {density} km per km².",
        ).format(
            edges=f"{network.edge_count:,}",
            km=f"{_km(network.length_m):,.1f}",
            area=f"{hull_km2(network):,.1f}",
            density=f"{density:.1f}" if math.isfinite(density) else "—",
        ),
    )


def _sparse(network: WalkNetwork) -> Note | None:
    density = typical_km_per_km2(network)
    if density >= SPARSE_KM_PER_KM2:
        return None
    return Note(
        "network.sparse",
        "warning",
        Text(
            "路网数据稀疏：共 {edges} 段，有路之处每平方公里约 {density} 公里。许多实际存在的道路可能未收录，"
            "步行时间可能偏长，部分居民可能被误判为不可达，请先补充路网再采信结果。",
            "The street data are sparse: {edges} paths, about {density} km per km² where there are any. Many paths "
            "that exist are probably missing: walks may come out too long, and people may seem cut off. Add the "
            "missing paths before relying on the result.",
        ).format(edges=f"{network.edge_count:,}", density=f"{density:.1f}"),
    )


def _footways(network: WalkNetwork) -> Note | None:
    for_walking = np.array([kind in FOOTWAY_KINDS for kind in network.kinds] or [False])[network.kind]
    share = share_of_length(network, for_walking)
    if share >= FEW_FOOTWAYS_SHARE:
        return None
    if not for_walking.any():
        return Note(
            "network.no_footways",
            "warning",
            Text(
                "路网中没有任何人行道、小路或台阶，居民只能按车行道计算步行路线。",
                "The streets hold no footway, path or steps at all: every walk is measured along roads for vehicles.",
            ),
        )
    return Note(
        "network.few_footways",
        "warning",
        Text(
            "路网中人行道、小路和台阶只有 {count} 段，占总长 {share}，步行路线大多只能按车行道计算。",
            "Of the streets only {count} paths, {share} of the length, are footways, paths or steps: most walks are "
            "measured along roads for vehicles.",
        ).format(count=f"{np.count_nonzero(for_walking):,}", share=f"{share:.1%}"),
    )


def _separate(network: WalkNetwork) -> Note | None:
    pieces = int(network.component.max()) + 1
    share = share_of_length(network, network.component[network.start] > 0)
    if share < SEPARATE_SHARE:
        return None
    return Note(
        "network.separate_pieces",
        "warning",
        Text(
            "路网分为 {pieces} 个互不连通的部分，最大部分之外占总长 {share}；不同部分之间视为不可步行到达。",
            "The network is in {pieces} pieces that do not meet; {share} of its length lies outside the largest. "
            "Nobody walks from one piece to another.",
        ).format(pieces=f"{pieces:,}", share=f"{share:.1%}"),
    )


def _private(network: WalkNetwork) -> Note | None:
    share = share_of_length(network, network.private_area > 0)
    if share < PRIVATE_SHARE:
        return None
    return Note(
        "network.private",
        "warning",
        Text(
            "路网总长的 {share} 标注为不对外开放，只供其内部出入，不允许穿行。",
            "{share} of the length is marked private: it serves what lies on it, and nobody walks through.",
        ).format(share=f"{share:.1%}"),
    )
