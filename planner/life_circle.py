"""The check-up of the life circle for a study: the walks it needs, measured once, and every state of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.coverage import CircleParty, LifeCircle, circle_parties, circle_reach, functions_of
from planner.model import Need, WalkingCosts
from planner.study import Study

#: By which areas the check-up is told.
CIRCLE_LEVELS = ("grid", "community")


def check_life_circle(study: Study, costs: Sequence[WalkingCosts], states: Mapping[str, Sequence[str]]) -> LifeCircle:
    """Measure who reaches which function of the stations within 5, 10 and 15 minutes.

    Parameters
    ----------
    study : Study
    costs : sequence of WalkingCosts
        Those of the plan, one for each need; used where they reach as far as the largest circle.
    states : mapping of moment to the ids of its open stations
    """
    needs, homes = study.needs, study.demand.table.index
    parties, functions = circle_parties(needs), functions_of(study.sites, needs)
    ever_open = sorted({site for opened in states.values() for site in opened})
    walks = [_walks(study, party, costs, ever_open) for party in parties]
    people = [study.demand.people(party.need.group) for party in parties]
    reach = {
        moment: tuple(
            circle_reach(party, functions, counted, homes, measured, study.sites, opened)
            for party, counted, measured in zip(parties, people, walks, strict=True)
        )
        for moment, opened in states.items()
    }
    asked = frozenset(need.function for need in needs)
    areas = {level: _names(study.demand.table[level]) for level in CIRCLE_LEVELS if level in study.demand.table}
    return LifeCircle(parties, functions, asked, homes, reach, areas)


def _walks(study: Study, party: CircleParty, costs: Sequence[WalkingCosts], ever_open: list[str]) -> WalkingCosts:
    """Return walks at least as far as the largest circle: the plan's own, else measured to the open stations."""
    for need, measured in zip(study.needs, costs, strict=True):
        if _walks_alike(need, party) and measured.limit >= party.need.standard.limit:
            return measured
    return study.walks.costs(study.demand.table, study.sites.table.loc[ever_open], party.need)


def _walks_alike(need: Need, party: CircleParty) -> bool:
    """Whether the walks of a need are those of the party."""
    theirs = party.need
    same_unit = need.standard.in_minutes == theirs.standard.in_minutes
    return same_unit and need.walker == theirs.walker and need.direction == theirs.direction


def _names(column: pd.Series) -> npt.NDArray[np.object_]:
    names = column.astype(object)
    return np.array([None if pd.isna(name) else str(name) for name in names], dtype=object)
