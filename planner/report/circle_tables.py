"""The check-up of the life circle as tables: functions, and the grids and communities with the least of them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from planner.bilingual import Text
from planner.coverage import LifeCircle
from planner.model.labels import level_label
from planner.plan import Plan

#: Rows of the areas' sheet at most, the least covered first.
MOST_AREA_ROWS = 20_000


def circle_table(plan: Plan) -> pd.DataFrame:
    """Return one row a group, function and circle: stations with the function, and who reaches one."""
    check = _check(plan)
    return pd.DataFrame(
        [
            {
                "group": party.need.group,
                "walker": party.need.walker.name,
                "circle_function": check.label(code),
                "is_required": code in check.required,
                "circle": Text("{n} {unit}", "{n} {unit}").format(n=f"{limit:g}", unit=party.unit),
                "people": check.people(place),
                **_row_figures(check, place, row, circle),
            }
            for place, party in enumerate(check.parties)
            for row, code in enumerate(check.rows)
            for circle, limit in enumerate(party.circles)
        ]
    )


def _row_figures(check: LifeCircle, party: int, row: int, circle: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    for moment in ("before", "after"):
        counts = check.reach[moment][party].stations
        share = check.shares(moment, party)[row][circle]
        figures[f"stations_offering_{moment}"] = float(counts[row]) if row < len(counts) else math.nan
        figures[f"share_reaching_{moment}"] = share
    return figures


def circle_area_table(plan: Plan) -> pd.DataFrame:
    """Return where people of each group do not reach a function, by grid and community, the least covered first."""
    check = _check(plan)
    parts = [_area_part(plan, check, place, level) for place in range(len(check.parties)) for level in check.areas]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if not len(table):
        return table
    return table.sort_values("share_reaching_after", kind="stable").head(MOST_AREA_ROWS).reset_index(drop=True)


def _area_part(plan: Plan, check: LifeCircle, party: int, level: str) -> pd.DataFrame:
    found, whose = check.by_area(level, party), check.parties[party]
    labels = {code: check.label(code) for code in check.rows}
    parts = [
        pd.DataFrame(
            {
                "circle_level": [level_label(level)] * len(found),
                "area_id": found["area_id"],
                "name": area_names(plan, level, found["area_id"]),
                "group": whose.need.group,
                "walker": whose.need.walker.name,
                "circle_function": found["function"].map(labels),
                "circle": [Text("{n} {unit}", "{n} {unit}").format(n=f"{limit:g}", unit=whose.unit)] * len(found),
                "people": found["people"],
                "share_reaching_after": found[f"share_{1 + place}"],
            }
        )
        for place, limit in enumerate(whose.circles)
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[table["share_reaching_after"] < 1]


def area_names(plan: Plan, level: str, ids: Iterable[str]) -> list[str]:
    """Return the names of areas: those of the grids, else their ids."""
    if level != "grid" or plan.grids is None:
        return [str(one) for one in ids]
    names = plan.grids.table["name"]
    return [str(names.get(one, one)) for one in ids]


def _check(plan: Plan) -> LifeCircle:
    assert plan.life_circle is not None
    return plan.life_circle


def worst_areas(check: LifeCircle, level: str, party: int, most: int) -> pd.DataFrame:
    """Return the areas whose people reach fewest functions within the largest circle, the worst first.

    Returns
    -------
    DataFrame, index the area's id
        `people`, and `functions`: how many of the functions a person reaches, in the mean; of one, any station, where
        none is named. Areas where everybody reaches every one are left out.
    """
    found = check.by_area(level, party)
    counted = [check.functions[place] for place in check.every] or [check.functions[0]]
    share = found[f"share_{len(check.parties[party].circles)}"]
    chosen = found.assign(share=share)[found["function"].isin(counted)]
    by_area = chosen.groupby("area_id", sort=True)
    table = pd.DataFrame({"people": by_area["people"].first(), "functions": by_area["share"].agg(math.fsum)})
    table = table[table["functions"] < len(counted)]
    order = np.lexsort((np.arange(len(table)), -table["people"], table["functions"]))
    return table.iloc[order].head(most)
