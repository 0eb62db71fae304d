"""The sixty buildings with their people: totals from the article, their division synthetic."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from shapely import Point

from generator.gcj02 import from_wgs84
from generator.huangshigang.grids import grid_at
from generator.huangshigang.quarters import compounds
from generator.huangshigang.sheet import FRAME, SEED
from generator.people import share_out

HOUSEHOLDS = 3668
#: The article says "11 223 余人": at least this many.
RESIDENTS = 11223

COMMUNITY = "黄石港社区"


@lru_cache
def homes() -> pd.DataFrame:
    """Return one row a building: where it lies (`lon` and `lat` are GCJ-02) and its people by group."""
    rng = np.random.default_rng([SEED, 4])
    table = pd.DataFrame(
        [
            {
                "compound": compound.plan.name if compound.plan.walled else None,
                "name": f"{number}号楼" if compound.plan.walled else f"{compound.plan.name}{number}号楼",
                "levels": levels,
                "year_built": compound.plan.year_built,
                "floor_area_m2": building.area * levels,
                "point": building.centroid,
            }
            for compound in compounds()
            for number, (building, levels) in enumerate(zip(compound.buildings, compound.levels, strict=True), start=1)
        ]
    )
    table["id"] = [f"HSG-{number:03d}" for number in range(1, len(table) + 1)]
    table["grid"] = [grid_at(point) for point in table["point"]]
    _settle(table, rng)
    table[["lon", "lat"]] = np.round(_as_picked(table["point"].tolist()), 6)
    return table.sort_values(["grid", "id"], key=_grid_order, kind="stable").reset_index(drop=True)


def _settle(table: pd.DataFrame, rng: np.random.Generator) -> None:
    flat_m2 = 56 + 1.1 * (table["year_built"] - 1978)
    table["households"] = share_out(HOUSEHOLDS, table["floor_area_m2"] / flat_m2 * rng.uniform(0.9, 1.1, len(table)))
    table["residents"] = share_out(RESIDENTS, table["households"] * rng.uniform(2.6, 3.5, len(table)))
    share_60_plus = 0.33 - 0.006 * (table["year_built"] - 1978) + rng.uniform(-0.04, 0.04, len(table))
    share_under_14 = 0.09 + 0.002 * (table["year_built"] - 1978) + rng.uniform(-0.02, 0.03, len(table))
    table["over_60"] = np.rint(table["residents"] * share_60_plus).astype(int)
    table["under_14"] = np.rint(table["residents"] * share_under_14).astype(int)


def _as_picked(points: list[Point]) -> np.ndarray:
    return from_wgs84(FRAME.to_wgs84([point.coords[0] for point in points]))


def _grid_order(column: pd.Series) -> pd.Series:
    return column.str.extract(r"(\d+)")[0].astype(int)
