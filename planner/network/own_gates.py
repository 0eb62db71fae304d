"""Lanes through compounds: a change of the streets that leads through a boundary brings its own gate there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from planner.model import Compounds, Gates, NetworkChanges
from planner.network.changing import reaching_line
from planner.network.passages import GATE_REACH_M
from planner.network.walk_network import WalkNetwork


def lanes_opened(network: WalkNetwork, changes: NetworkChanges, on: Iterable[str]) -> gpd.GeoSeries:
    """Return the lines on which everybody may walk when some changes are made, also inside a compound.

    They are the paths that are added, unless they are for residents only, and private ways opened to the public.

    Parameters
    ----------
    network : WalkNetwork
        Without the changes.
    changes : NetworkChanges
    on : iterable of str
        Ids of the changes that are made.
    """
    lines = _lines(network, changes, on)
    return lines[[bool(row["open_to_outsiders"]) for row in _rows(changes, lines)]]


def bring_gates(
    network: WalkNetwork, gates: Gates | None, compounds: Compounds | None, changes: NetworkChanges, on: Iterable[str]
) -> Gates | None:
    """Return the gates and one more wherever a lane that is added or opened leads through a wall.

    None is added within 12 m of a gate of that compound that lets the same people pass already, nor where a footbridge
    or an underpass (`joins` is false) leads past.

    Parameters
    ----------
    network : WalkNetwork
        Without the changes.
    gates : Gates, optional
        As they are with the changes.
    compounds : Compounds, optional
    changes : NetworkChanges
    on : iterable of str
        Ids of the changes that are made.

    Returns
    -------
    Gates
        A column `from_change` holds the id of the change that brought the gate.
    """
    lines = _lines(network, changes, on)
    if compounds is None or not len(lines) or not len(compounds.enclosing):
        return gates
    walls = compounds.enclosing.to_crs(lines.crs)
    known = None if gates is None else gates.table.to_crs(lines.crs)
    brought = [
        gate
        for (change, line), told in zip(lines.items(), _rows(changes, lines), strict=True)
        for name in walls.index[walls.boundary.intersects(line)]
        for gate in _gates_in(str(change), told, line, str(name), walls[name])
        if told["joins"] and not _stands_there(known, gate)
    ]
    if not brought:
        return gates
    more = gpd.GeoDataFrame(brought, geometry="geometry", crs=lines.crs).set_index("id")
    if gates is None or known is None:
        return Gates(more)
    return replace(gates, table=gpd.GeoDataFrame(pd.concat([known, more]), geometry="geometry", crs=lines.crs))


def _lines(network: WalkNetwork, changes: NetworkChanges, on: Iterable[str]) -> gpd.GeoSeries:
    """Return the lines of the lanes that are added or opened, added ones as far as the paths that they join."""
    chosen = changes.chosen(on)
    is_new = (chosen["kind"] == "add").to_numpy()
    lanes = chosen[is_new | ((chosen["kind"] == "improve") & chosen["opens_to_public"]).to_numpy()]
    lines = [
        reaching_line(network, line) if kind == "add" else line
        for kind, line in zip(lanes["kind"], lanes.geometry, strict=True)
    ]
    return gpd.GeoSeries(lines, index=lanes.index, crs=chosen.crs)


def _rows(changes: NetworkChanges, lines: gpd.GeoSeries) -> list[dict[Any, Any]]:
    return changes.table.loc[lines.index].drop(columns=changes.table.geometry.name).to_dict("records")


def _gates_in(
    change: str, told: dict[Any, Any], line: shapely.LineString, compound: str, polygon: shapely.Geometry
) -> list[dict[str, Any]]:
    """Return the gates where a line leads through the boundary of a compound, in order along the line."""
    met = shapely.intersection(polygon.boundary, line)
    places = sorted({float(line.project(shapely.Point(xy))) for xy in shapely.get_coordinates(met)})
    return [
        {
            "id": f"change {change} {compound} {number}",
            "compound": compound,
            "name": str(told["name"]),
            "open": True,
            "admits_outsiders": bool(told["open_to_outsiders"]),
            "assumed": False,
            "from_change": change,
            "geometry": line.interpolate(at_m),
        }
        for number, at_m in enumerate(places, start=1)
    ]


def _stands_there(known: gpd.GeoDataFrame | None, gate: dict[str, Any]) -> bool:
    """Whether a gate of the compound lets the same people pass within reach."""
    if known is None:
        return False
    own = known[(known["compound"] == gate["compound"]) & known["open"]]
    own = own[own["admits_outsiders"]] if gate["admits_outsiders"] else own
    return bool((own.distance(gate["geometry"]) <= GATE_REACH_M).any())
