"""Changes of the streets, made: lanes that join the paths they reach, links closed, steps and waits taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from planner.bilingual import Text, same
from planner.errors import CrsError, Fault, NetworkError, TableError
from planner.model import GATE_KINDS, Gates, NetworkChanges, Parameter
from planner.network.additions import add_edges, drop_edges
from planner.network.splitting import SAME_PLACE_M, cut_edges
from planner.network.walk_network import WalkNetwork

#: The ends of an added path reach the nearest path within this distance: about the width of a carriageway.
JOIN_M = 10.0

#: Paths run along a line that closes or improves them within this distance: drawings of one lane differ by so much.
ALONG_M = 5.0

_CHOSEN = Text("本软件取值，无标准规定", "chosen by this software; no standard names it")

CHANGE_PARAMETERS = (
    Parameter(
        "changes.join_m",
        Text("新增通道接入现有道路的最大距离", "furthest distance at which an added path joins"),
        f"{JOIN_M:g} m",
        _CHOSEN,
        "chosen",
    ),
    Parameter(
        "changes.along_m",
        Text("封闭、改善通道与现有道路的最大偏离", "furthest distance between a change and the paths it is about"),
        f"{ALONG_M:g} m",
        _CHOSEN,
        "chosen",
    ),
)

Places = tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]


def apply_changes(network: WalkNetwork, changes: NetworkChanges, on: Iterable[str]) -> WalkNetwork:
    """Return the network with some changes made. Gates are another matter: see `change_gates`.

    Links are closed first, then paths are improved, then paths are added; none of it depends on the order of the rows.

    `add` makes the line a path. Each of its ends joins the nearest place on a path within `JOIN_M`, in a straight line;
    on its way it meets every path that it crosses, unless `joins` is false: what crosses at another level, a footbridge
    or an underpass, joins at its ends only. (A network does not know which of its paths are bridges.)

    `close` takes away the paths that run along the line, `improve` changes them: `removes_steps` makes steps a ramp,
    `removes_waits` takes the waits of crossings away, `opens_to_public` makes private ways public. Only the part along
    the line is meant: paths are cut where the line ends.

    Parameters
    ----------
    network : WalkNetwork
    changes : NetworkChanges
    on : iterable of str
        Ids of the changes to make.

    Raises
    ------
    NetworkError
        If an added path does not reach any path, or no path runs along a line; with every such row.
    CrsError
        If the changes are in another system than the network.
    InputError
        If an id is unknown.
    """
    chosen = changes.chosen(on)
    if chosen.crs != network.crs:
        raise CrsError(
            Text("路网变更与路网的坐标系不同。", "The changes are in another system than the network."),
            [Fault(changes.source, same(chosen.crs.name), same(network.crs.name))],
        )
    faults = [fault for change in _rows(chosen) for fault in _faults_of(network, change, changes.source)]
    _refuse(faults)
    for kind, make in _MAKING.items():
        for change in _rows(chosen[chosen["kind"] == kind]):
            _refuse(_faults_of(network, change, changes.source) if kind == "add" else [])
            network = make(network, change)
    return network


def _refuse(faults: list[Fault]) -> None:
    if faults:
        words = Text("{n} 处路网变更对不上现有路网。", "{n} changes do not meet the streets.")
        raise NetworkError(words.format(n=len({fault.row for fault in faults})), faults)


def refuse_changes_elsewhere(network: WalkNetwork, changes: NetworkChanges) -> None:
    """Refuse changes that do not meet the streets, those that are not switched on as well.

    Raises
    ------
    NetworkError
        With every such row.
    """
    _refuse([fault for change in _rows(changes.table) for fault in _faults_of(network, change, changes.source)])


def change_gates(gates: Gates | None, changes: NetworkChanges, on: Iterable[str]) -> Gates | None:
    """Return the gates with some changes made: a gate opened is open to everybody, one closed to nobody.

    Raises
    ------
    TableError
        If a change names a gate that there is not; with every such row.
    """
    chosen = changes.chosen(on)
    chosen = chosen[chosen["kind"].isin(GATE_KINDS)]
    known: Mapping[str, int] = {} if gates is None else {str(name): k for k, name in enumerate(gates.table.index)}
    faults = [
        Fault(
            changes.source, same(gate), Text("出入口表中的编号", "the id of a gate in the gates file"), int(row), "gate"
        )
        for gate, row in zip(chosen["gate"], chosen["row"], strict=True)
        if gate not in known
    ]
    if faults:
        raise TableError(Text("没有这些出入口。", "There are no such gates."), faults)
    if gates is None or not len(chosen):
        return gates
    table = gates.table.copy()
    for gate, kind in zip(chosen["gate"], chosen["kind"], strict=True):
        table.loc[gate, ["open", "admits_outsiders"]] = kind == "open_gate"
    return replace(gates, table=table)


def _rows(table: gpd.GeoDataFrame) -> list[dict[Any, Any]]:
    return table.rename_geometry("line").to_dict("records")


def _faults_of(network: WalkNetwork, change: Mapping[Any, Any], source: str) -> list[Fault]:
    """Return what of a change does not meet the network as it was loaded."""
    if change["kind"] == "add":
        return _faults_of_ends(network, change, source)
    if change["kind"] in ("close", "improve") and not runs_along(*_cut_where_it_ends(network, change["line"])).any():
        expected = Text("沿线 {metres} 米内的道路", "a path within {metres} m along the line")
        found = Text("没有沿线道路", "no path along it")
        return [_fault(source, change, found, expected.format(metres=f"{ALONG_M:g}"))]
    return []


def _faults_of_ends(network: WalkNetwork, change: Mapping[Any, Any], source: str) -> list[Fault]:
    ends = shapely.points(shapely.get_coordinates(change["line"])[[0, -1]])
    far = [end for end in ends if _nearest_place(network, end) is None]
    if not far and np.ptp(_places_xy(network, change["line"]), axis=0).max() <= SAME_PLACE_M:
        found = Text("两端接在同一处", "both ends join at the same place")
        return [_fault(source, change, found, Text("连通两处的线", "a line between two places"))]
    expected = Text("{metres} 米内有可接入的道路", "a path to join within {metres} m").format(metres=f"{JOIN_M:g}")
    return [_fault(source, change, Text("端点 {xy}", "the end {xy}").format(xy=_words(end)), expected) for end in far]


def _fault(source: str, change: Mapping[Any, Any], found: Text, expected: Text) -> Fault:
    return Fault(source, found, expected, int(change["row"]), "geometry")


def _words(point: shapely.Point) -> str:
    return f"({point.x:.1f}, {point.y:.1f})"


def _add(network: WalkNetwork, change: Mapping[Any, Any]) -> WalkNetwork:
    """Cut the paths where the line joins them, and the line as well."""
    line = reaching_line(network, change["line"])
    edge, fraction = _meeting(network, line, bool(change["joins"]))
    cut = cut_edges(network, edge, fraction)
    at_m = shapely.line_locate_point(line, shapely.points(cut.network.node_xy[cut.node]))
    at_m[:2] = 0.0, line.length
    order = np.lexsort((cut.node, at_m))
    node, at_m = cut.node[order], at_m[order]
    apart = np.append(True, (np.diff(at_m) > SAME_PLACE_M) | (np.diff(node) != 0))
    node, at_m = node[apart], at_m[apart]
    pieces = [
        _between(line, low, high, cut.network.node_xy[[start, end]])
        for low, high, start, end in zip(at_m[:-1], at_m[1:], node[:-1], node[1:], strict=True)
    ]
    halves = np.zeros(len(pieces), dtype=np.uint8)
    halves[0] += 1
    halves[-1] += 1
    return add_edges(
        cut.network,
        pieces,
        node[:-1],
        node[1:],
        kind=change["highway"],
        stairs=2 if change["stairs"] else 0,
        signal_halves=halves * (change["crossing"] == "signals"),
        crossing_halves=halves * (change["crossing"] == "plain"),
    )


def _nearest_place(network: WalkNetwork, point: shapely.Point) -> tuple[int, float] | None:
    """Return the edge, and the fraction on it, of the nearest place within reach; the first edge of equals."""
    near = np.sort(network.tree.query(point, predicate="dwithin", distance=JOIN_M))
    if not len(near):
        return None
    edge = int(near[np.argmin(shapely.distance(network.lines[near], point))])
    return edge, float(shapely.line_locate_point(network.lines[edge], point, normalized=True))


def _ends(network: WalkNetwork, line: shapely.LineString) -> Places:
    """Return the places where the ends of an added line join the paths."""
    ends = [_nearest_place(network, end) for end in shapely.points(shapely.get_coordinates(line)[[0, -1]])]
    edge, fraction = zip(*(end for end in ends if end is not None), strict=True)
    return np.array(edge, dtype=np.int64), np.array(fraction)


def _places_xy(network: WalkNetwork, line: shapely.LineString) -> npt.NDArray[np.float64]:
    edge, fraction = _ends(network, line)
    return shapely.get_coordinates(shapely.line_interpolate_point(network.lines[edge], fraction, normalized=True))


def reaching_line(network: WalkNetwork, line: shapely.LineString) -> shapely.LineString:
    """Return a line that is added, made longer by the straight ways from its ends to the paths."""
    first, last = _places_xy(network, line)
    xy = np.vstack([first, shapely.get_coordinates(line), last])
    moved = np.append(True, np.hypot(*np.diff(xy, axis=0).T) > SAME_PLACE_M)
    return shapely.LineString(xy[moved] if moved.sum() > 1 else xy)


def _meeting(network: WalkNetwork, line: shapely.LineString, joins: bool) -> Places:
    """Return where a line meets the paths: its two ends first, then where it crosses or touches others."""
    edge, fraction = _ends(network, line)
    if not joins:
        return edge, fraction
    crossed = np.sort(network.tree.query(line, predicate="intersects"))
    shared = shapely.intersection(network.lines[crossed], line)
    xy, owner = shapely.get_coordinates(shared, return_index=True)
    more = crossed[owner]
    at = shapely.line_locate_point(network.lines[more], shapely.points(xy), normalized=True)
    return np.concatenate([edge, more]), np.concatenate([fraction, at])


def _between(
    line: shapely.LineString, low_m: float, high_m: float, ends_xy: npt.NDArray[np.float64]
) -> shapely.LineString:
    """Return the part of a line between two nodes, from the one to the other."""
    xy = shapely.get_coordinates(line)
    at_m = np.append(0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T)))
    inside = (at_m > low_m + SAME_PLACE_M) & (at_m < high_m - SAME_PLACE_M)
    return shapely.LineString(np.vstack([ends_xy[0], xy[inside], ends_xy[1]]))


def _cut_where_it_ends(network: WalkNetwork, line: shapely.LineString) -> tuple[WalkNetwork, shapely.LineString]:
    """Cut the paths along a line where it ends, unless they end there themselves."""
    edges, fractions = [], []
    for end in shapely.points(shapely.get_coordinates(line)[[0, -1]]):
        near = np.sort(network.tree.query(end, predicate="dwithin", distance=ALONG_M))
        at_m = shapely.line_locate_point(network.lines[near], end)
        whole_m = shapely.length(network.lines[near])
        within = (at_m > ALONG_M) & (at_m < whole_m - ALONG_M)
        edges.append(near[within])
        fractions.append((at_m / np.where(whole_m > 0, whole_m, 1))[within])
    return cut_edges(network, np.concatenate(edges), np.concatenate(fractions)).network, line


def runs_along(network: WalkNetwork, line: shapely.LineString) -> npt.NDArray[np.bool_]:
    """Whether each edge runs along a line: near to it all the way, and forward as it does, not across."""
    along = np.zeros(network.edge_count, dtype=np.bool_)
    # An edge may end beyond the line's end by as much as it may lie beside it.
    beside = shapely.buffer(line, 1.5 * ALONG_M)
    near = np.sort(network.tree.query(beside, predicate="contains"))
    paths = network.lines[near]
    begin, end = (shapely.line_locate_point(line, shapely.get_point(paths, k)) for k in (0, -1))
    along[near] = np.abs(end - begin) >= 0.5 * shapely.length(paths)
    return along


def _close(network: WalkNetwork, change: Mapping[Any, Any]) -> WalkNetwork:
    cut, line = _cut_where_it_ends(network, change["line"])
    return drop_edges(cut, runs_along(cut, line))


def _improve(network: WalkNetwork, change: Mapping[Any, Any]) -> WalkNetwork:
    cut, line = _cut_where_it_ends(network, change["line"])
    along = runs_along(cut, line)
    better = {
        "removes_steps": ("stairs",),
        "removes_waits": ("signal_halves", "crossing_halves"),
        "opens_to_public": ("private_area",),
    }
    taken: dict[str, Any] = {
        name: np.where(along, 0, getattr(cut, name)).astype(getattr(cut, name).dtype)
        for said, names in better.items()
        if change[said]
        for name in names
    }
    return replace(cut, **taken)


_MAKING: Mapping[str, Callable[[WalkNetwork, Mapping[Any, Any]], WalkNetwork]] = {
    "close": _close,
    "improve": _improve,
    "add": _add,
}
