"""What the map of a comparison is drawn from: the layers of the plans that can be drawn, matched by id."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from planner.bilingual import Text, same
from planner.comparing.comparing import Comparison
from planner.comparing.homes import CHANGES, covered_homes
from planner.comparing.side import need_words
from planner.mapping import ComparedMap


def comparison_map_data(comparison: Comparison) -> ComparedMap | None:
    """Return what the map shows; None where fewer than two plans can be drawn, or they have no need in common."""
    if len(comparison.drawn) < 2 or not comparison.shared:
        return None
    first, *others = comparison.drawn
    apart = Text("{a} → {b} 变化", "{a} → {b}")
    views = [(f"{first.letter}>{side.letter}", apart.format(a=first.letter, b=side.letter)) for side in others]
    return ComparedMap(
        headline=comparison.headline,
        synthetic=comparison.synthetic,
        attribution=comparison.attribution,
        sides={side.letter: side.label for side in comparison.drawn},
        needs=tuple(need_words(key) for key in comparison.shared),
        homes=_homes(comparison),
        stations=_stations(comparison),
        network=first.layers["network"],
        views=(*views, *((side.letter, same(side.letter)) for side in comparison.drawn)),
        colours=CHANGES,
    )


def _homes(comparison: Comparison) -> gpd.GeoDataFrame:
    """Return every home of any plan; the first plan that knows a home says where it stands and what it is called."""
    crs = comparison.drawn[0].layers["network"].crs
    parts = [side.layers["demand"].to_crs(crs) for side in comparison.drawn]
    known = pd.concat([part.set_index(part["demand_id"].astype(str))[["name", "geometry"]] for part in parts])
    homes = gpd.GeoDataFrame(known[~known.index.duplicated()].sort_index(), geometry="geometry", crs=crs)
    for place, key in enumerate(comparison.shared):
        people = pd.concat([covered_homes(side, key)["people"] for side in comparison.drawn])
        homes[f"people_{place}"] = people[~people.index.duplicated()].reindex(homes.index).fillna(0.0)
        for side in comparison.drawn:
            covered = covered_homes(side, key)["is_covered"].astype(int)
            homes[f"covered_{side.letter}_{place}"] = covered.reindex(homes.index).fillna(-1).astype(int)
    return homes


def _stations(comparison: Comparison) -> gpd.GeoDataFrame:
    crs = comparison.drawn[0].layers["network"].crs
    parts = [side.layers["stations"].to_crs(crs) for side in comparison.drawn]
    known = pd.concat([part.set_index(part["site_id"].astype(str))[["geometry"]] for part in parts])
    decided = {site for side in comparison.drawn for site in side.decisions}
    known = known[~known.index.duplicated() & known.index.isin(decided)].sort_index()
    stations = gpd.GeoDataFrame(known, geometry="geometry", crs=crs)
    stations["name"] = [comparison.site_name(site) for site in stations.index]
    for side in comparison.drawn:
        told = [side.decisions.get(site) for site in stations.index]
        stations[f"decision_{side.letter}"] = pd.Series(told, index=stations.index, dtype=object)
    return stations
