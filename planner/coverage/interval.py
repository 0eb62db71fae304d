"""Coverage as an interval, where the gates of compounds are assumed.

A compound with a boundary and no known gates is measured with a pseudo-gate wherever a path crosses that boundary. Two
other readings bound what that assumption can change:

- **high**: all its sides are open. Its people step onto the nearest path and its paths are public. Who is covered as
  measured counts too, for the nearest path is not always the better one.
- **low**: it has one gate, its worst: that which, alone, leaves fewest of its own people covered or, where a station
  stands inside, fewest of its own and of those whose nearest station that is. All such compounds at once.

The worst gates are found together: in scenario k each compound has its k-th gate only, in order of their ids (one with
fewer gates begins again). Compounds act on each other in that search, so low is the fewest people of all runs, the
scenarios included: what was found, not a proof that nothing is worse. A gate that is shut adds nobody, so low is never
above what was measured.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.coverage.measures import NeedCoverage
from planner.model import Gates

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class CoverageInterval:
    """The people covered at least and at most, as far as assumed gates go.

    Parameters
    ----------
    low, high : float
        People within the standard.
    share_low, share_high : float
        The same as shares, 0 to 1; NaN for an empty group.
    compounds : tuple of str
        Those whose gates are assumed.
    """

    low: float
    high: float
    share_low: float
    share_high: float
    compounds: tuple[str, ...] = ()

    @classmethod
    def point(cls, measured: NeedCoverage) -> CoverageInterval:
        """Return the interval of a measure that assumes no gates."""
        return cls(measured.covered, measured.covered, measured.share_covered, measured.share_covered)

    @property
    def is_point(self) -> bool:
        """Whether both ends are the same."""
        return self.low == self.high


def coverage_interval(
    measured: NeedCoverage, gates: Gates, holding: pd.Series, measure: Callable[[Gates | None], NeedCoverage]
) -> CoverageInterval:
    """Return the least and the most people covered, as the module says.

    Parameters
    ----------
    measured : NeedCoverage
        With all pseudo-gates open.
    gates : Gates
    holding : Series, index station ids
        The compound that each open station stands in; missing for none.
    measure : callable
        Measures the need with gates that are open and closed in another way; given None, without the walls of the
        compounds whose gates are assumed.
    """
    worst = _Worst(gates)
    if not worst.compounds:
        return CoverageInterval.point(measured)
    free = measure(None).table["covered"].reindex(measured.table.index).to_numpy(dtype=np.bool_)
    high = _people(measured.table, free | measured.table["covered"].to_numpy(dtype=np.bool_))
    concerned = _concerned(measured.table, holding, worst.compounds)
    low = measured.covered
    for k in range(worst.scenarios):
        found = measure(worst.only(dict.fromkeys(worst.compounds, k)))
        worst.judge(k, found.table, concerned)
        low = min(low, found.covered)
    low = min(low, measure(worst.only(worst.gate)).covered)
    everybody = measured.people
    return CoverageInterval(low, high, _share(low, everybody), _share(high, everybody), worst.compounds)


class _Worst:
    """Looks for the worst gate of each compound."""

    def __init__(self, gates: Gates) -> None:
        self.gates = gates
        assumed = gates.table[gates.assumed].sort_index()
        self.own = {str(name): rows.index.tolist() for name, rows in assumed.groupby("compound", sort=True)}
        self.compounds = tuple(self.own)
        self.scenarios = max(map(len, self.own.values()), default=0)
        self.scenarios = 0 if self.scenarios == 1 else self.scenarios
        self.gate = dict.fromkeys(self.own, 0)
        self._fewest = dict.fromkeys(self.own, math.inf)

    def only(self, gate: dict[str, int]) -> Gates:
        """Return the gates with one pseudo-gate of each compound open."""
        opened = {rows[gate[name] % len(rows)] for name, rows in self.own.items()}
        shut = self.gates.assumed & ~self.gates.table.index.isin(list(opened))
        table = self.gates.table.assign(open=self.gates.open & ~shut)
        return Gates(table.assign(admits_outsiders=self.gates.admits_outsiders & ~shut))

    def judge(self, k: int, table: pd.DataFrame, concerned: dict[str, pd.Index]) -> None:
        """Keep the k-th gate of a compound where it covers fewer of those concerned than any before."""
        for name, homes in concerned.items():
            if k < len(self.own[name]):
                own = table.loc[homes]
                covered = _people(own, own["covered"].to_numpy(dtype=np.bool_))
                if covered < self._fewest[name]:
                    self._fewest[name], self.gate[name] = covered, k


def _concerned(table: pd.DataFrame, holding: pd.Series, compounds: tuple[str, ...]) -> dict[str, pd.Index]:
    """Return the homes by which a gate of each compound is judged."""
    homes = _words(table["compound"]) if "compound" in table.columns else [""] * len(table)
    stands_in = dict(zip(holding.index, _words(holding), strict=True))
    stations = [stands_in.get(site, "") for site in _words(table["station"])]
    return {name: table.index[[name in pair for pair in zip(homes, stations, strict=True)]] for name in compounds}


def _words(column: pd.Series) -> list[str]:
    return ["" if pd.isna(word) else str(word) for word in column.tolist()]


def _people(table: pd.DataFrame, chosen: Bools) -> float:
    return math.fsum(table["people"].to_numpy()[chosen])


def _share(covered: float, people: float) -> float:
    return covered / people if people > 0 else math.nan
