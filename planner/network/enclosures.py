"""Walled compounds closed but for their gates: nobody walks through them, and residents leave through open gates.

Paths inside a boundary become the compound's own private area, whatever their tag, cut where they cross it. A crossing
within `GATE_REACH_M` of a gate is that gate; with gates known, every other crossing is closed. Where no gate is known
each crossing counts as one, flagged `assumed`. A street that leads through stays public. Private areas of the file
whose compound is known by its gates alone are treated in the same way where they touch other paths.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from planner.model import Compounds, Gates, Note
from planner.network.boundaries import (
    along_the_boundary,
    cut_at_boundaries,
    lies_in,
    meeting_nodes,
    pieces_of,
    through_streets,
)
from planner.network.enclosure_notes import EnclosureNotes
from planner.network.passages import GATE_REACH_M, Passages, gates_at_nodes, passed_as, pseudo_gates
from planner.network.snapping import snap
from planner.network.walk_network import WalkNetwork

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Enclosed:
    """A network with its compounds enclosed.

    Parameters
    ----------
    network : WalkNetwork
        As the gates are at the moment: closed passages taken apart, those for residents marked.
    gates : Gates
        Those given, and the pseudo-gates (`assumed`), sorted by id.
    walls : GeoSeries, index names of compounds
        Boundaries that nobody crosses but at gates: those of the compounds that were enclosed.
    notes : tuple of Note
    """

    network: WalkNetwork
    gates: Gates
    walls: gpd.GeoSeries
    notes: tuple[Note, ...]
    _uncut: WalkNetwork
    _passages: Passages
    _given: tuple[WalkNetwork, Compounds | None, Gates | None]

    @cached_property
    def assumed(self) -> tuple[str, ...]:
        """Names of the compounds whose gates are assumed."""
        return tuple(sorted(set(self.gates.compounds[self.gates.assumed])))

    @cached_property
    def all_sides_open(self) -> Enclosed:
        """The same without the compounds whose gates are assumed: their people step onto the nearest path."""
        network, compounds, gates = self._given
        return enclose(network, None if compounds is None else compounds.without(self.assumed), gates)

    def under(self, gates: Gates) -> WalkNetwork:
        """Return the network with the same gates, matched by id, open and closed in another way."""
        table = gates.table.loc[self.gates.table.index]
        is_open, admits = (table[name].to_numpy(dtype=np.bool_) for name in ("open", "admits_outsiders"))
        return passed_as(self._uncut, self._passages, is_open, admits)


def enclose(network: WalkNetwork, compounds: Compounds | None, gates: Gates | None) -> Enclosed:
    """Enclose the walled compounds of a network.

    Parameters
    ----------
    network : WalkNetwork
    compounds : Compounds, optional
        Those that are not walled change nothing, nor does a boundary that no path crosses and no gate stands at.
    gates : Gates, optional
        As they are at the moment that is measured: see `planner.model.gates_at`.

    Returns
    -------
    Enclosed
    """
    return _Builder(network, compounds, gates).enclosed()


class _Doors(NamedTuple):
    """Gates as arrays, sorted by id."""

    table: gpd.GeoDataFrame
    compound: npt.NDArray[np.object_]
    xy: Floats


class _Builder:
    """Encloses, step by step."""

    def __init__(self, network: WalkNetwork, compounds: Compounds | None, gates: Gates | None) -> None:
        self.notes = EnclosureNotes()
        self.doors = _doors(network, gates)
        walled = gpd.GeoSeries([], index=pd.Index([], dtype=object), crs=network.crs)
        if compounds is not None and len(compounds.walled):
            walled = compounds.walled.to_crs(network.crs)
        self.walled = self._with_gates_at_the_wall(walled)
        self.names = self.walled.index.to_numpy(dtype=object)
        self.network = network
        self.given = (network, compounds, gates)
        self.around = np.full(network.edge_count, -1, dtype=np.intp)

    def enclosed(self) -> Enclosed:
        """Return the network enclosed."""
        if len(self.walled):
            self.network = cut_at_boundaries(self.network, self.walled.to_numpy())
        before = int(self.network.private_area.max(initial=0))
        inside = self._own_paths()
        node, area = self._numbered(inside, before)
        gates, owner = self._gates(node, area, before)
        at_walls = Passages(node, area, gates_at_nodes(self.network.node_xy[node], area, _xy(gates), owner))
        of_areas = self._passages_of_private_areas(gates, before)
        self._give_own_areas(at_walls, gates, owner)
        passages = Passages(*(np.concatenate(parts) for parts in zip(at_walls, of_areas, strict=True)))
        self._tell_closed(passages, before)
        network = passed_as(self.network, passages, gates.open, gates.admits_outsiders)
        return Enclosed(network, gates, self._walls(gates), self.notes.told(), self.network, passages, self.given)

    def _with_gates_at_the_wall(self, walled: gpd.GeoSeries) -> gpd.GeoSeries:
        """Leave out the boundaries whose gates are all elsewhere, and tell the gates that are off their wall."""
        off_m = np.array(
            [
                walled[name].boundary.distance(shapely.Point(xy)) if name in walled.index else 0.0
                for name, xy in zip(self.doors.compound, self.doors.xy, strict=True)
            ]
        )
        off = off_m > GATE_REACH_M
        at_wall = set(self.doors.compound[~off])
        elsewhere = set(self.doors.compound[off]) - at_wall
        self.notes.off_wall(self.doors.table.index[off].tolist())
        self.notes.not_enclosed(sorted(elsewhere))
        return walled[~walled.index.isin(elsewhere)]

    def _own_paths(self) -> npt.NDArray[np.intp]:
        """Return the compound whose own path each edge is; streets that lead through and paths along walls are not."""
        polygons = self.walled.to_numpy()
        if not len(polygons):
            return self.around.copy()
        inside = lies_in(self.network, polygons)
        inside[along_the_boundary(self.network, inside, polygons)] = -1
        self.around = inside.copy()
        street = through_streets(self.network, inside, self._nodes_at_gates())
        self.notes.streets(sorted(set(self.names[inside[street]])))
        inside[street] = -1
        return inside

    def _nodes_at_gates(self) -> Bools:
        near = np.zeros(self.network.node_count, dtype=np.bool_)
        if len(self.doors.xy):
            gates = shapely.STRtree(shapely.points(self.doors.xy))
            near[gates.query(shapely.points(self.network.node_xy), "dwithin", GATE_REACH_M)[0]] = True
        return near

    def _numbered(self, inside: Ints, before: int) -> tuple[Ints, Ints]:
        """Make the paths inside the compounds' own areas, and return where those areas meet other paths.

        What is left of a private area outside the wall is the way to the gate: it becomes public.
        """
        own = inside >= 0
        area = np.where(own, inside + before + 1, self.network.private_area).astype(np.int32)
        rest = ~own & (area > 0)
        piece = pieces_of(self.network, rest, area)
        touching = np.zeros(self.network.node_count, dtype=np.bool_)
        for ends in (self.network.start, self.network.end):
            touching[ends[own]] = True
        approach = rest & np.isin(piece, piece[rest & (touching[self.network.start] | touching[self.network.end])])
        area[approach] = 0
        self.notes.approaches(float(self.network.length_m[approach].sum()))
        self.network = replace(self.network, private_area=area)
        label = np.where(self.around >= 0, self.around + before + 1, area)
        return meeting_nodes(self.network, np.where(own, area, -1), label)

    def _gates(self, node: Ints, area: Ints, before: int) -> tuple[Gates, Ints]:
        """Return the known gates and the pseudo-gates, with the area that each belongs to; -1 for none."""
        table, number = self.doors.table, {name: before + 1 + place for place, name in enumerate(self.names)}
        made = []
        for name in self.names[~np.isin(self.names, self.doors.compound)]:
            places = pseudo_gates(self.network.node_xy[node[area == number[name]]])
            made.append(_assumed(str(name), places, self.network))
        added = pd.concat([table, *made]) if made else table
        gates = Gates(gpd.GeoDataFrame(added, geometry="geometry", crs=self.network.crs))
        self.notes.assumed(sorted(set(gates.compounds[gates.assumed])), int(gates.assumed.sum()))
        return gates, np.array([number.get(name, -1) for name in gates.compounds], dtype=np.int64)

    def _give_own_areas(self, at_walls: Passages, gates: Gates, owner: Ints) -> None:
        """Tell the network which compound walks on which area: one that no gate leads to is of no use to it."""
        leads_in = np.unique(at_walls.area[at_walls.gate >= 0])
        areas = {str(name): int(area) for name, area in zip(gates.compounds, owner, strict=True) if area >= 0}
        own_areas = tuple(sorted((name, area if area in leads_in else 0) for name, area in areas.items()))
        with_paths = set(np.unique(self.network.private_area))
        self.notes.off_paths([name for name, area in own_areas if area == 0 and areas[name] in with_paths])
        self.network = replace(self.network, own_areas=own_areas)

    def _passages_of_private_areas(self, gates: Gates, before: int) -> Passages:
        """Return where private areas of the file that have gates, but no boundary, meet other paths."""
        area, xy = self.network.private_area, _xy(gates)
        foreign = np.isin(gates.compounds, self.names) | (gates.compounds == "")
        behind = snap(self.network, xy, open_edges=(area > 0) & (area <= before), max_off_path_m=GATE_REACH_M)
        owner = np.full(len(gates), -1, dtype=np.int64)
        owner[behind.point] = area[behind.edge]
        owner[foreign] = -1
        known = np.isin(area, owner[owner >= 0])
        node, of_area = meeting_nodes(self.network, np.where(known, area, -1), area)
        gate = gates_at_nodes(self.network.node_xy[node], of_area, xy, owner)
        matched = np.isin(of_area, of_area[gate >= 0])
        self.notes.off_paths(sorted(set(gates.compounds[np.isin(owner, np.setdiff1d(of_area, of_area[matched]))])))
        self.owner = owner
        return Passages(node[matched], of_area[matched], gate[matched])

    def _tell_closed(self, passages: Passages, before: int) -> None:
        closed = passages.area[passages.gate < 0]
        names = [str(self.names[area - before - 1]) if area > before else self._called(area) for area in closed]
        self.notes.closed(names)

    def _called(self, area: int) -> str:
        return ", ".join(sorted(set(self.doors.compound[self.owner[: len(self.doors.compound)] == area])))

    def _walls(self, gates: Gates) -> gpd.GeoSeries:
        """Return the boundaries of the compounds that have gates, known or assumed."""
        has_gates = np.isin(self.names, gates.compounds)
        self.notes.open_sides(sorted(map(str, self.names[~has_gates])))
        return self.walled[has_gates].boundary


def _doors(network: WalkNetwork, gates: Gates | None) -> _Doors:
    if gates is None:
        columns: dict[str, Any] = {"compound": [], "name": [], "open": [], "admits_outsiders": [], "assumed": []}
        nowhere = gpd.GeoSeries([], crs=network.crs)
        gates = Gates(gpd.GeoDataFrame(columns, geometry=nowhere))
    table = gates.table.to_crs(network.crs).sort_index()
    known = Gates(table)
    return _Doors(table, known.compounds, _xy(known))


def _xy(gates: Gates) -> Floats:
    return np.column_stack([gates.table.geometry.x, gates.table.geometry.y])


def _assumed(name: str, places: Floats, network: WalkNetwork) -> gpd.GeoDataFrame:
    """Return pseudo-gates of a compound as rows of a table of gates."""
    count = len(places)
    return gpd.GeoDataFrame(
        {"compound": [name] * count, "name": [f"{name} ({k})" for k in range(1, count + 1)]}
        | {column: np.ones(count, dtype=np.bool_) for column in ("open", "admits_outsiders", "assumed")},
        index=pd.Index([f"assumed {name} {k}" for k in range(1, count + 1)], dtype=object),
        geometry=gpd.points_from_xy(*places.T),
        crs=network.crs,
    )
