"""The way from each home to its nearest station: drawn for the home that is clicked."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.mapping.elements import DataLayer
from planner.mapping.sheet import Sheet
from planner.model.walking import alike
from planner.plan import Plan

#: As `find_routes` names them, in the order in which the page tells them.
PARTS = ("path_min", "stairs_min", "waiting_min", "off_path_min", "inside_min", "building_min")


def draw_routes(plan: Plan, sheet: Sheet) -> DataLayer:
    """Return the routes as a Folium layer; it shows nothing until a home is clicked."""
    return DataLayer("routes", route_data(plan, sheet), "步行路线 Routes")


def route_data(plan: Plan, sheet: Sheet) -> dict[str, Any]:
    """Return the routes with the minutes of their parts, and which of them each home takes, in order of its id.

    `needs` holds the first needs, those that have routes; needs that walk alike share the lines they have in common.
    """
    assert plan.routes is not None
    walked = _numbered([plan.routes, *plan.further_routes], alike(plan.needs))
    routes = pd.concat(walked).drop_duplicates("line").sort_values("line")
    homes = plan.demand.table.index.sort_values()
    return {
        **sheet.packing.header(),
        "lines": sheet.areas(routes.geometry),
        "tenths": [tenths(route) for _, route in routes[["walk_min", *PARTS]].iterrows()],
        "estimated": plan.estimated is not None,
        "needs": [
            {moment: _taken(each, f"nearest_{moment}", homes) for moment in ("before", "after")} for each in walked
        ],
    }


def _numbered(by_need: list[gpd.GeoDataFrame], like: tuple[int, ...]) -> list[gpd.GeoDataFrame]:
    """Return the routes of each need with the numbers of their lines: the same pair, walked alike, has one number."""
    numbers: dict[tuple[int, str, str], int] = {}
    numbered = []
    for kind, routes in zip(like, by_need, strict=False):
        drawn = routes.dropna(subset="geometry")
        pairs = zip(drawn.index.astype(str), drawn["site_id"].astype(str), strict=True)
        line = [numbers.setdefault((kind, home, site), len(numbers)) for home, site in pairs]
        numbered.append(drawn.assign(line=np.array(line, dtype=np.int64)))
    return numbered


def tenths(minutes: pd.Series) -> list[int]:
    """Return the parts of a walk in whole tenths of a minute that add up to the walk as the page shows it.

    Each part is rounded down; the tenths then missing go to the parts that lost most.
    """
    exact = 10 * minutes[list(PARTS)].to_numpy(dtype=np.float64)
    down = np.floor(exact).astype(int)
    missing = int(np.floor(10 * round(float(minutes["walk_min"]), 2) + 0.5)) - int(down.sum())
    most = np.argsort(down - exact, kind="stable")
    down[most[: max(missing, 0)]] += 1
    return down.tolist()


def _taken(routes: gpd.GeoDataFrame, moment: str, homes: pd.Index) -> list[int]:
    """Return for each home the position of its route; -1 where it has none."""
    places = routes["line"][routes[moment].to_numpy(dtype=bool)]
    return places.reindex(homes, fill_value=-1).tolist()
