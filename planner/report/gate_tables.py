"""Compounds and their gates, as the outputs tell of them."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from planner.bilingual import Language, Text
from planner.model import GATE_REASONS, GATE_STATES
from planner.model.figures import percent
from planner.plan import Plan

#: Names that a sentence lists.
_LISTED = 12


def gate_table(plan: Plan) -> gpd.GeoDataFrame:
    """Return the gates as they are at the moment that was measured, index `gate_id`."""
    assert plan.gates is not None
    gates = plan.gates.sorted()
    told = {
        "name": _words(gates.table, "name"),
        "compound": _words(gates.table, "compound"),
        "gate_state": pd.array(gates.states, dtype="string"),
        "gate_reason": pd.array(gates.reasons, dtype="string"),
        "hours": _words(gates.table, "hours"),
    }
    return gpd.GeoDataFrame(told, index=gates.table.index, geometry=gates.table.geometry, crs=gates.table.crs)


def gate_words(plan: Plan, language: Language) -> pd.DataFrame:
    """Return the gates for a reader of one language, without their places."""
    table = pd.DataFrame(gate_table(plan).drop(columns="geometry").reset_index())
    for column, words in (("gate_state", GATE_STATES), ("gate_reason", GATE_REASONS)):
        table[column] = [words[code].in_language(language) for code in table[column]]
    return table


def compound_table(plan: Plan) -> gpd.GeoDataFrame:
    """Return the compounds that have a boundary, with their numbers of gates, index `compound`."""
    assert plan.compounds is not None
    table = plan.compounds.table.sort_index()
    owners = pd.Series([] if plan.gates is None else plan.gates.compounds, dtype=object)
    assumed = owners[[] if plan.gates is None else plan.gates.assumed]
    counts = {
        name: some.value_counts().reindex(table.index).fillna(0).astype(int)
        for name, some in (("gates", owners), ("gates_assumed", assumed))
    }
    return gpd.GeoDataFrame({"walled": table["walled"], **counts}, geometry=table.geometry, crs=table.crs)


def assumed_sentence(plan: Plan) -> Text | None:
    """Return which compounds' gates are assumed and what that can change; None where none are."""
    names = [] if plan.gates is None else sorted(set(plan.gates.compounds[plan.gates.assumed]))
    if not names:
        return None
    interval, more = plan.interval(), len(names) > _LISTED
    return Text(
        "{n} 个小区的出入口为假定，待核实：{zh_names}。受此影响，覆盖率介于 {low} 与 {high} 之间。",
        "The gates of {n} compounds are assumed and should be checked: {en_names}. For that reason coverage lies "
        "between {low} and {high}.",
    ).format(
        n=len(names),
        zh_names="、".join(names[:_LISTED]) + "等" * more,
        en_names=", ".join(names[:_LISTED]) + " …" * more,
        low=percent(interval.share_low),
        high=percent(interval.share_high),
    )


def _words(table: pd.DataFrame, column: str) -> pd.Series:
    if column not in table.columns:
        return pd.Series(pd.NA, index=table.index, dtype="string")
    return table[column].astype("string")
