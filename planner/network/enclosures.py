"""Walled compounds closed but for their gates: nobody walks through them, and residents leave through open gates.

Paths inside a boundary become the compound's own private area, whatever their tag, cut where they cross it. A crossing
within `GATE_REACH_M` of a gate is that gate; with gates known, every other crossing is closed. Where no gate is known
each crossing counts as one, flagged `assumed`; where there is no crossing either, the places beside the nearest public
paths do (`planner.network.gate_places`). A gate at no crossing is linked to the paths on both sides
(`planner.network.gate_links`). A street that leads through stays public, and so does a lane that a change opens.
Private areas of the file whose compound is known by its gates alone are treated in the same way where they touch other
paths.
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

from planner.model import Barriers, Compounds, Gates, Note
from planner.network.boundaries import (
    along_the_boundary,
    cut_at_boundaries,
    lies_in,
    meeting_nodes,
    pieces_of,
    through_streets,
)
from planner.network.changing import runs_along
from planner.network.doors import assumed_gates, gates_of_outer, gates_xy, known_doors
from planner.network.enclosure_notes import EnclosureNotes
from planner.network.gate_links import link_gates
from planner.network.gate_places import places_beside_paths
from planner.network.passages import GATE_REACH_M, Passages, gates_at_nodes, passed_as, pseudo_gates
from planner.network.snapping import snap
from planner.network.walk_network import WalkNetwork

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]


class _Given(NamedTuple):
    """What compounds are enclosed from."""

    network: WalkNetwork
    compounds: Compounds | None
    gates: Gates | None
    barriers: Barriers | None
    lanes: gpd.GeoSeries | None


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
    _given: _Given

    @cached_property
    def assumed(self) -> tuple[str, ...]:
        """Names of the compounds whose gates are assumed."""
        return tuple(sorted(set(self.gates.compounds[self.gates.assumed])))

    @cached_property
    def all_sides_open(self) -> Enclosed:
        """The same without the compounds whose gates are assumed: their people step onto the nearest path."""
        compounds = None if self._given.compounds is None else self._given.compounds.without(self.assumed)
        return _Builder(self._given._replace(compounds=compounds)).enclosed()

    def under(self, gates: Gates) -> WalkNetwork:
        """Return the network with the same gates, matched by id, open and closed in another way."""
        table = gates.table.loc[self.gates.table.index]
        is_open, admits = (table[name].to_numpy(dtype=np.bool_) for name in ("open", "admits_outsiders"))
        return passed_as(self._uncut, self._passages, is_open, admits)


def enclose(
    network: WalkNetwork,
    compounds: Compounds | None,
    gates: Gates | None,
    barriers: Barriers | None = None,
    lanes: gpd.GeoSeries | None = None,
) -> Enclosed:
    """Enclose the walled compounds of a network.

    Parameters
    ----------
    network : WalkNetwork
    compounds : Compounds, optional
        Those that are not walled change nothing, nor does a boundary that no path crosses or runs beside and no gate
        stands at. One that lies within another has no wall of its own: its people use the paths and gates of the outer.
    gates : Gates, optional
        As they are at the moment that is measured: see `planner.model.gates_at`. Those with a value in the column
        `from_change` stand in walled compounds only, beside the gates that are known or assumed without them.
    barriers : Barriers, optional
        Neither gates that are assumed nor links of gates have them before them.
    lanes : GeoSeries, optional
        Lines on which everybody may walk, also inside a compound: paths along them stay public.

    Returns
    -------
    Enclosed
    """
    return _Builder(_Given(network, compounds, gates, barriers, lanes)).enclosed()


class _Builder:
    """Encloses, step by step."""

    def __init__(self, given: _Given) -> None:
        self.notes, self.given = EnclosureNotes(), given
        network = self.network = given.network
        walled = gpd.GeoSeries([], index=pd.Index([], dtype=object), crs=network.crs)
        if given.compounds is not None and len(given.compounds.enclosing):
            walled = given.compounds.enclosing.to_crs(network.crs)
        self.doors = known_doors(network, gates_of_outer(given.gates, given.compounds))
        self.doors = self.doors.only(~self.doors.brought | np.isin(self.doors.compound, walled.index))
        self.walled = self._with_gates_at_the_wall(walled)
        self.names = self.walled.index.to_numpy(dtype=object)
        self.lanes = [] if given.lanes is None else list(given.lanes.to_crs(network.crs))
        self.barriers = (given.barriers or Barriers.of({}, network.crs)).with_walls(self.walled.boundary)
        self.around: Ints = np.full(network.edge_count, -1, dtype=np.intp)

    def enclosed(self) -> Enclosed:
        """Return the network enclosed."""
        if len(self.walled):
            self.network = cut_at_boundaries(self.network, self.walled.to_numpy())
        before = int(self.network.private_area.max(initial=0))
        inside = self._own_paths()
        self._assume_gates_beside_paths(inside)
        inside = self._linked(inside)
        node, area = self._numbered(inside, before)
        gates, owner = self._gates(node, area, before)
        at_walls = Passages(node, area, gates_at_nodes(self.network.node_xy[node], area, gates_xy(gates), owner))
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
        self.off_wall = self.doors.table.index[off].tolist()
        at_wall = set(self.doors.compound[~off & ~self.doors.brought])
        elsewhere = set(self.doors.compound[off]) - at_wall
        self.notes.off_wall(self.off_wall)
        self.notes.not_enclosed(sorted(elsewhere))
        return walled[~walled.index.isin(elsewhere)]

    def _own_paths(self) -> npt.NDArray[np.intp]:
        """Return the compound whose own path each edge is; streets that lead through and paths along walls are not."""
        polygons = self.walled.to_numpy()
        if not len(polygons):
            return np.full(self.network.edge_count, -1, dtype=np.intp)
        inside = lies_in(self.network, polygons)
        inside[along_the_boundary(self.network, inside, polygons)] = -1
        self.around = inside.copy()
        inside[self._on_lanes()] = -1
        street = through_streets(self.network, inside, self._nodes_at_gates())
        self.notes.streets(sorted(set(self.names[inside[street]])))
        inside[street] = -1
        return inside

    def _on_lanes(self) -> Bools:
        """Return which edges run along the lanes that are open to everybody."""
        along = [runs_along(self.network, line) for line in self.lanes]
        return np.logical_or.reduce([np.zeros(self.network.edge_count, dtype=np.bool_), *along])

    def _assume_gates_beside_paths(self, inside: Ints) -> None:
        """Assume gates in boundaries that no path crosses, where no gate is known."""
        crossed = np.unique(meeting_nodes(self.network, inside, self.around)[1])
        unknown = ~np.isin(self.names, self.doors.compound[~self.doors.brought])
        unknown[crossed] = False
        alone = np.flatnonzero(unknown)
        if len(alone):
            public = (inside < 0) & (self.network.private_area == 0)
            polygons = self.walled.to_numpy()[alone]
            places = places_beside_paths(self.network, polygons, public, self.barriers)
            made = [
                assumed_gates(str(self.names[k]), found, self.network) for k, found in zip(alone, places, strict=True)
            ]
            self.notes.beside_paths([str(self.names[k]) for k, found in zip(alone, places, strict=True) if len(found)])
            self.doors = self.doors.and_assumed(made)

    def _linked(self, inside: Ints) -> npt.NDArray[np.intp]:
        """Link the gates that no path leads through, and tell of them."""
        number = {name: place for place, name in enumerate(self.names)}
        owner = np.array([number.get(name, -1) for name in self.doors.compound], dtype=np.int64)
        owner[self.doors.brought | self.doors.table.index.isin(self.off_wall)] = -1
        found = link_gates(self.network, inside, self.around, self.doors.xy, owner, self.barriers)
        self.network, self.around = found.network, found.around
        self.notes.linked(self._gate_names(found.linked))
        self.notes.unused(self._gate_names(found.left))
        return found.inside.astype(np.intp)

    def _gate_names(self, gates: Ints) -> list[str]:
        table = self.doors.table.iloc[gates]
        named = table.get("name", pd.Series(table.index, index=table.index))
        return [f"{compound} {name}" for compound, name in zip(self.doors.compound[gates], named, strict=True)]

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
        number = {name: before + 1 + place for place, name in enumerate(self.names)}
        unknown = ~np.isin(self.names, self.doors.compound[~self.doors.brought])
        self.doors = self.doors.and_assumed(
            [
                assumed_gates(str(name), pseudo_gates(self.network.node_xy[node[area == number[name]]]), self.network)
                for name in self.names[unknown]
            ]
        )
        gates = Gates(self.doors.table)
        self.notes.assumed(sorted(set(gates.compounds[gates.assumed])), int(gates.assumed.sum()))
        return gates, np.array([number.get(name, -1) for name in gates.compounds], dtype=np.int64)

    def _give_own_areas(self, at_walls: Passages, gates: Gates, owner: Ints) -> None:
        """Tell the network which compound walks on which area: one that no gate leads to is of no use to it."""
        leads_in = np.union1d(at_walls.area[at_walls.gate >= 0], self._areas_at_public_ways_inside())
        areas = {str(name): int(area) for name, area in zip(gates.compounds, owner, strict=True) if area >= 0}
        own_areas = tuple(sorted((name, area if area in leads_in else 0) for name, area in areas.items()))
        with_paths = set(np.unique(self.network.private_area))
        self.notes.off_paths([name for name, area in own_areas if area == 0 and areas[name] in with_paths])
        lanes = [(str(name), self._lanes_in(place)) for place, name in enumerate(self.names)]
        inside = tuple((name, edges) for name, edges in lanes if edges)
        self.network = replace(self.network, own_areas=own_areas, lanes_inside=inside)

    def _lanes_in(self, compound: int) -> tuple[int, ...]:
        return tuple(np.flatnonzero(self._on_lanes() & (self.around == compound)).tolist()) if self.lanes else ()

    def _areas_at_public_ways_inside(self) -> Ints:
        """Return the areas of the compounds that meet a street or an opened lane inside their boundary."""
        area = self.network.private_area
        public = (self.around >= 0) & (area == 0)
        touched = np.zeros(self.network.node_count, dtype=np.bool_)
        touched[self.network.start[public]] = touched[self.network.end[public]] = True
        own = (self.around >= 0) & (area > 0)
        return np.unique(area[own & (touched[self.network.start] | touched[self.network.end])])

    def _passages_of_private_areas(self, gates: Gates, before: int) -> Passages:
        """Return where private areas of the file that have gates, but no boundary, meet other paths."""
        area, xy = self.network.private_area, gates_xy(gates)
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
        in_use = np.unique(gate[gate >= 0])
        leading = np.isin(gates.compounds, gates.compounds[in_use]) & ~foreign
        leading[in_use] = False
        self.notes.unused(self._gate_names(np.flatnonzero(leading)))
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
