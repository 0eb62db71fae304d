"""The check-up of the life circle: who reaches which function of the stations within 5, 10 and 15 minutes.

Each function and each circle is counted by itself. As in GB 50180-2018, the tiers do not contain one another: a large
station with one function does not stand for the others, and who reaches something within 15 minutes has not reached it
within 5. What is counted are walks; whether a station has room is not asked here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.bilingual import Text
from planner.coverage.nearest import nearest_open
from planner.model import ANY_FUNCTION, CandidateSites, Need, Parameter, ServiceStandard, Status, WalkingCosts
from planner.model.labels import function_label

#: The circles in minutes, and in metres for needs whose standard is a distance.
CIRCLES_MIN = (5.0, 10.0, 15.0)
CIRCLES_M = (300.0, 500.0, 1000.0)

#: What every function at once is called where functions are called by their codes.
EVERY = "all"

_GB_50180 = Text(
    "GB 50180-2018 五、十、十五分钟生活圈居住区", "GB 50180-2018: residential areas of 5, 10 and 15 minutes"
)
_SOURCES: Mapping[float, tuple[Text, Status]] = {
    5.0: (_GB_50180, "verified"),
    10.0: (_GB_50180, "verified"),
    15.0: (_GB_50180, "verified"),
    300.0: (Text("GB 50180-2018 五分钟生活圈（转引）", "GB 50180-2018, 5 minutes (second-hand)"), "to_be_checked"),
    500.0: (Text("GB 50180-2018 十分钟生活圈", "GB 50180-2018, 10 minutes"), "verified"),
    1000.0: (
        Text("GB 50180-2018 十五分钟生活圈上限（转引）", "GB 50180-2018, 15 minutes, upper end (second-hand)"),
        "to_be_checked",
    ),
}


@dataclass(frozen=True)
class CircleParty:
    """People whose walks are counted alike: a group, its walker, and the unit and direction of its walks.

    Parameters
    ----------
    need : Need
        The first need of these people, with the largest circle as its standard and no function of its own.
    circles : tuple of float
        Smallest first, in minutes, or in metres where the need's standard is a distance.
    """

    need: Need
    circles: tuple[float, ...]

    @property
    def unit(self) -> Text:
        """Of the circles."""
        return Text("分钟", "min") if self.need.standard.in_minutes else Text("米", "m")

    def is_of(self, need: Need) -> bool:
        """Whether a need is one of these people."""
        return party_of(need).need == self.need

    def limits(self) -> npt.NDArray[np.int64]:
        """Return the circles in the whole units of walking costs."""
        return np.array([_standard(one, self.need.standard.in_minutes).limit for one in self.circles], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class CircleReach:
    """Who of one party reaches which function, with one set of open stations.

    Parameters
    ----------
    people : array of float, shape (homes,)
    nearest : array of int8, shape (functions, homes)
        Position of the smallest circle within which a station with the function stands; the number of circles where
        none does.
    stations : tuple of int
        Open stations with each function.
    """

    people: npt.NDArray[np.float64]
    nearest: npt.NDArray[np.int8]
    stations: tuple[int, ...]

    def people_within(self, function: int, circle: int, homes: npt.NDArray[np.intp] | slice = slice(None)) -> float:
        """Return the people who reach a function within a circle, of all homes or of those at some places."""
        return math.fsum(self.people[homes][self.nearest[function][homes] <= circle])

    def with_every(self, functions: Iterable[int]) -> CircleReach:
        """Return who reaches every one of some functions, as one function."""
        chosen = list(functions)
        return replace(self, nearest=self.nearest[chosen].max(axis=0, keepdims=True), stations=(0,))


@dataclass(frozen=True, eq=False)
class LifeCircle:
    """The check-up of a study.

    Parameters
    ----------
    parties : tuple of CircleParty
    functions : tuple of str
        `any` first, then what sites of the study offer or needs ask for, by code.
    required : frozenset of str
        Functions that needs ask for.
    homes : Index
        Ids of the demand points, the order of all that counts them.
    reach : mapping of moment to tuple of CircleReach
        For each moment of the plan one measure for each party.
    areas : mapping of level to array of str or None, shape (homes,)
        The grid and the community of each home, where they are known.
    """

    parties: tuple[CircleParty, ...]
    functions: tuple[str, ...]
    required: frozenset[str]
    homes: pd.Index
    reach: Mapping[str, tuple[CircleReach, ...]]
    areas: Mapping[str, npt.NDArray[np.object_]]

    @property
    def every(self) -> tuple[int, ...]:
        """Positions of the functions that "every function" means: those needs ask for, else all that sites offer."""
        named = [place for place, one in enumerate(self.functions) if one in self.required and one != ANY_FUNCTION]
        return tuple(named or range(1, len(self.functions)))

    @property
    def rows(self) -> tuple[str, ...]:
        """What `shares` tells of, row by row: the functions, and `all` last where there is more than `any`."""
        return (*self.functions, EVERY) if self.every else self.functions

    def label(self, code: str) -> Text:
        """Return what a row is called."""
        if code == EVERY:
            return Text("全部 {n} 项功能", "all {n} functions").format(n=len(self.every))
        return function_label(code)

    def missing(self, moment: str, function: int) -> bool:
        """Whether a need asks for a function that no open station offers."""
        return self.functions[function] in self.required and self.reach[moment][0].stations[function] == 0

    def people(self, party: int) -> float:
        """Return the people of a party."""
        return math.fsum(self.reach["after"][party].people)

    def shares(self, moment: str, party: int) -> list[list[float]]:
        """Return for each of the `rows` the share of the people within each circle; NaN where the group is empty."""
        reach, everybody = self.reach[moment][party], self.people(party)
        rows = [(reach, place) for place in range(len(self.functions))]
        if self.every:
            rows.append((reach.with_every(self.every), 0))
        circles = range(len(self.parties[party].circles))
        return [
            [one.people_within(place, circle) / everybody if everybody else math.nan for circle in circles]
            for one, place in rows
        ]

    def by_area(self, level: str, party: int, moment: str = "after") -> pd.DataFrame:
        """Return the shares of each area and function within each circle, the least covered first.

        Returns
        -------
        DataFrame
            `area_id`, `function` (`all` for every function at once), `people`, and one column `share_1` ... a circle.
            Areas where nobody of the party lives are left out. Ordered by the share within the largest circle, then by
            the people beyond it, then by id and function.
        """
        reach, names = self.reach[moment][party], self.areas[level]
        measures = [(name, reach, place) for place, name in enumerate(self.functions)]
        if self.every:
            measures.append((EVERY, reach.with_every(self.every), 0))
        circles = range(len(self.parties[party].circles))
        rows = []
        for area, homes in _places_of(names):
            people = math.fsum(reach.people[homes])
            if people:
                rows += [
                    (area, name, people, *(one.people_within(place, circle, homes) / people for circle in circles))
                    for name, one, place in measures
                ]
        columns = ["area_id", "function", "people", *(f"share_{1 + circle}" for circle in circles)]
        table = pd.DataFrame(rows, columns=columns)
        last = table[columns[-1]]
        order = np.lexsort((np.arange(len(table)), -(1 - last) * table["people"], last))
        return table.iloc[order].reset_index(drop=True)


def circle_parties(needs: Iterable[Need]) -> tuple[CircleParty, ...]:
    """Return whose walks are counted, each once, in the order of the needs."""
    return tuple(dict.fromkeys(party_of(need) for need in needs))


def party_of(need: Need) -> CircleParty:
    """Return the people of a need, with the circles in the unit of its standard."""
    circles = CIRCLES_MIN if need.standard.in_minutes else CIRCLES_M
    largest = _standard(circles[-1], need.standard.in_minutes)
    return CircleParty(replace(need, standard=largest, function=ANY_FUNCTION, weight=1.0), circles)


def functions_of(sites: CandidateSites, needs: Iterable[Need]) -> tuple[str, ...]:
    """Return `any`, then the functions that sites offer which may be open, or that needs ask for, by code."""
    offered = sites.table["functions"][~sites.with_status("excluded")]
    codes = {code.strip() for codes in offered for code in str(codes).split(";")}
    codes |= {need.function for need in needs}
    return (ANY_FUNCTION, *sorted(codes - {ANY_FUNCTION, ""}))


def circle_reach(
    party: CircleParty,
    functions: tuple[str, ...],
    people: npt.NDArray[np.float64],
    homes: pd.Index,
    costs: WalkingCosts,
    sites: CandidateSites,
    open_sites: Iterable[str],
) -> CircleReach:
    """Count who reaches which function with a set of open stations.

    Parameters
    ----------
    party : CircleParty
    functions : tuple of str
    people : array of float, shape (homes,)
    homes : Index
    costs : WalkingCosts
        Homes × sites for this party, at least as far as the largest circle.
    sites : CandidateSites
    open_sites : iterable of str
    """
    limits = party.limits()
    assert costs.limit >= limits[-1]
    opened = set(open_sites)
    rows, counts = [], []
    for function in functions:
        offering = sites.table.index[sites.offering(function)]
        stations = [site for site in offering if site in opened]
        walks = nearest_open(costs, stations)
        circle = np.where(walks.reached, np.searchsorted(limits, walks.walk, side="left"), len(limits))
        rows.append(circle[walks.origins.get_indexer(homes)])
        counts.append(len(stations))
    return CircleReach(people, np.array(rows, dtype=np.int8), tuple(counts))


def circle_parameters(needs: Iterable[Need]) -> tuple[Parameter, ...]:
    """Return the circles as parameters with their sources; none of them is a requirement of this plan."""
    circles = dict.fromkeys((circle, party.unit) for party in circle_parties(needs) for circle in party.circles)
    label = Text("体检圈层", "circle of the check-up")
    return tuple(
        Parameter(f"life_circle.{circle:g}_{unit.en}", label, f"{circle:g} {unit.en}", *_SOURCES[circle])
        for circle, unit in circles
    )


def _places_of(names: npt.NDArray[np.object_]) -> Iterator[tuple[str, npt.NDArray[np.intp]]]:
    """Return each name, in order, with the places where it stands; where nothing stands there is no name."""
    known = np.flatnonzero(np.array([name is not None for name in names], dtype=bool))
    ids, which = np.unique(names[known].astype(str), return_inverse=True)
    by_name = known[np.argsort(which, kind="stable")]
    ends = np.cumsum(np.bincount(which, minlength=len(ids)))
    yield from zip(ids.tolist(), np.split(by_name, ends[:-1]), strict=True) if len(ids) else ()


def _standard(circle: float, in_minutes: bool) -> ServiceStandard:
    return ServiceStandard(max_walk_min=circle) if in_minutes else ServiceStandard(max_walk_m=circle)
