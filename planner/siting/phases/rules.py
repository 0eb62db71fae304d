"""What is allowed in a programme: the money and the stations of each phase, a site once, the constraints at the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.model import Note
from planner.siting.constraints import Constraint
from planner.siting.linear import Expression, Floor, Rows
from planner.siting.objectives import OBJECTIVES, BackupCoverage, Objective
from planner.siting.phases.columns import TODAY, Columns
from planner.siting.problem import FEN_PER_CNY, Array, Mask, SitingProblem


@dataclass(frozen=True, eq=False)
class PhaseMoney(Constraint):
    """What a phase may spend, with what the phases right before it carry over."""

    columns: Columns
    number: int

    name = "phase_money"
    label = Text("阶段预算", "money of a phase")

    @property
    def _since(self) -> int:
        """The first phase whose money may reach this one."""
        since = self.number
        while since > 0 and self.columns.phases[since - 1].carries_over:
            since -= 1
        return since

    @property
    def limit_cny(self) -> float:
        """What may be spent since then, CNY to the fen; infinite without a limit."""
        limit = sum(phase.limit_cny for phase in self.columns.phases[self._since : self.number + 1])
        return round(limit * FEN_PER_CNY) / FEN_PER_CNY if np.isfinite(limit) else np.inf

    def _cost_cny(self) -> Array:
        concerned = (self.columns.phase >= self._since) & (self.columns.phase <= self.number)
        return np.where(concerned, self.columns.cost_cny, 0.0)

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:  # noqa: ARG002
        """Whether no more is spent, counted in whole fen."""
        fen = np.rint(self._cost_cny()[is_open] * FEN_PER_CNY).sum()
        return bool(fen <= np.rint(self.limit_cny * FEN_PER_CNY))

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row: the money; less than a fen of room, for solvers round."""
        return Rows.counting(problem, self._cost_cny(), upper=self.limit_cny + 0.4 / FEN_PER_CNY)

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:  # noqa: ARG002
        """Return the sites that a phase may open and whose cost nobody knows."""
        if self.number:
            return
        for site in self.columns.sites.ids(self.columns.sites.unpriced):
            yield Fault(str(site), Text("没有费用", "no cost"), Text("费用，元", "a cost in CNY"), column="cost_cny")

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say what may be spent."""
        words = Text("阶段「{name}」限用 {cost} 万元", "phase “{name}” allows {cost} × 10,000 CNY")
        return words.format(name=self.columns.phases[self.number].name, cost=f"{self.limit_cny / 10_000:,.6g}")


@dataclass(frozen=True, eq=False)
class PhaseCount(Constraint):
    """How many stations a phase adds."""

    columns: Columns
    number: int

    name = "phase_count"
    label = Text("阶段新增数", "stations of a phase")

    def _counted(self) -> Mask:
        counted: Mask = self.columns.sites.added[self.columns.site] & (self.columns.phase == self.number)
        return counted

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:  # noqa: ARG002
        """Whether the count lies in the range."""
        least, most = self.columns.phases[self.number].count
        return bool(least <= np.count_nonzero(is_open & self._counted()) <= most)

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row: the count."""
        least, most = self.columns.phases[self.number].count
        return Rows.counting(problem, self._counted().astype(np.float64), least, most)

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say how many stations are asked for."""
        phase = self.columns.phases[self.number]
        least, most = phase.count
        words = Text("阶段「{name}」须新增 {n} 座", "phase “{name}” asks for {n} new stations")
        if least != most:
            words = Text("阶段「{name}」至多新增 {n} 座", "phase “{name}” allows {n} new stations")
        return words.format(name=phase.name, n=f"{most:g}")


@dataclass(frozen=True, eq=False)
class Once(Constraint):
    """A site opens in one phase at most; required ones in one of them."""

    columns: Columns
    must: Mask

    name = "once"
    label = Text("每个站点开放一次", "each site opens once")

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:  # noqa: ARG002
        """Whether no site opens twice, and none that must open is left out."""
        times = self.columns.of_site @ is_open.astype(np.float64)
        return bool(np.all(times <= 1) and np.all(times[self.must] >= 1))

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row for each site with several phases, or that must open."""
        several = np.diff(self.columns.of_site.indptr) > 1
        concerned = np.flatnonzero(several | self.must)
        return Rows.stacked(problem, self.columns.of_site[concerned], self.must[concerned].astype(np.float64), 1.0)

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say what must open."""
        return Text("必选站点须在某一阶段开放", "required sites open in one of the phases")


@dataclass(frozen=True, eq=False)
class Kept(Constraint):
    """Stations of today are open until an action replaces them."""

    columns: Columns

    name = "kept"
    label = Text("现有驿站延续", "stations of today stay")

    def _serving(self, problem: SitingProblem) -> sparse.csr_array:
        own = sparse.eye_array(len(problem.site_ids), format="csr")
        return sparse.csr_array((own + problem.replaced_by)[np.flatnonzero(self.columns.phase == TODAY)])

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether each of them is open, or replaced in some phase."""
        return bool(np.all(self._serving(problem) @ is_open.astype(np.float64) >= 1))

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one row a station."""
        return Rows.stacked(problem, self._serving(problem), 1.0, np.inf)

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say that they stay."""
        return Text("现有驿站须延续开放或由行动替代", "stations of today stay open unless an action replaces them")


@dataclass(frozen=True, eq=False)
class AtTheEnd(Constraint):
    """A constraint of the plan, for what is open after the last phase."""

    columns: Columns
    rule: Constraint

    name = "at_the_end"
    label = Text("终期约束", "a constraint at the end")

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:  # noqa: ARG002
        """Whether the last state keeps the constraint."""
        return self.rule.allows(self.columns.sites, self.columns.open_after(is_open, len(self.columns.phases) - 1))

    def rows(self, problem: SitingProblem) -> Rows:
        """Return the rows of the constraint over the columns that open each site."""
        rows = self.rule.rows(self.columns.sites)
        last = len(self.columns.phases) - 1
        nothing = Rows.nothing(problem)
        covered, reached = list(nothing.covered), list(nothing.reached)
        for place in range(len(self.columns.sites.needs)):
            at = place * len(self.columns.phases) + last
            covered[at], reached[at] = rows.covered[place], rows.reached[place]
        return replace(
            rows,
            of_open=sparse.csr_array(rows.of_open @ self.columns.of_site),
            covered=tuple(covered),
            reached=tuple(reached),
            floors=tuple(Floor(self._over_columns(problem, each.expression), each.lower) for each in rows.floors),
        )

    def _over_columns(self, problem: SitingProblem, expression: Expression) -> Expression:
        count, last = len(self.columns.phases), len(self.columns.phases) - 1
        nothing = Expression.of(problem)

        def at_the_end(parts: tuple[Array, ...], zeros: tuple[Array, ...]) -> tuple[Array, ...]:
            return tuple(parts[place // count] if place % count == last else zero for place, zero in enumerate(zeros))

        return replace(
            expression,
            of_open=self.columns.of_site.T @ expression.of_open,
            of_covered=at_the_end(expression.of_covered, nothing.of_covered),
            of_walk=at_the_end(expression.of_walk, nothing.of_walk),
            of_any_walk=at_the_end(expression.of_any_walk, nothing.of_any_walk),
        )

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:  # noqa: ARG002
        """Return what the parameters name that the sites do not have."""
        return self.rule.faults(self.columns.sites)

    def notes(self, problem: SitingProblem) -> tuple[Note, ...]:  # noqa: ARG002
        """Return what the constraint says of the last state."""
        return self.rule.notes(self.columns.sites)

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say what is asked of the last state."""
        asked = self.rule.asks(self.columns.sites)
        return Text("终期{asked}", "at the end {asked}").format(asked=asked)

    def advice(self, problem: SitingProblem, least: float, most: float) -> Text | None:  # noqa: ARG002
        """Say what stands against it."""
        return self.rule.advice(self.columns.sites, least, most)

    def unmet(self, problem: SitingProblem) -> Iterable[Fault]:  # noqa: ARG002
        """Return the rows of the input that stand against it."""
        return self.rule.unmet(self.columns.sites)


def rules_of(columns: Columns, rules: Iterable[Constraint], must: Mask) -> list[Constraint]:
    """Return every constraint of a programme.

    Parameters
    ----------
    columns : Columns
    rules : iterable of Constraint
        Of the plan, for the state after the last phase.
    must : array of bool, shape (sites,)
        Sites that open in some phase.
    """
    found: list[Constraint] = [Kept(columns), Once(columns, must)]
    for number, phase in enumerate(columns.phases):
        money = PhaseMoney(columns, number)
        if np.isfinite(money.limit_cny):
            found.append(money)
        if phase.count != (0, np.inf):
            found.append(PhaseCount(columns, number))
    return [*found, *(AtTheEnd(columns, rule) for rule in rules)]


def phase_faults(sites: SitingProblem, wish: Objective, rules: Iterable[Constraint]) -> list[Fault]:
    """Return what a programme cannot heed: objectives and constraints that are no sum over its columns."""
    faults: list[Fault] = []
    if wish.over_phases == "none":
        expected = same(" | ".join(each.name for each in OBJECTIVES if each.over_phases != "none"))
        faults.append(
            Fault("objective", Text("分期方案不能用 {name}", "{name} with phases").format(name=wish.name), expected)
        )
    if isinstance(wish, BackupCoverage):
        expected = Text(
            "只替代一座驿站的行动：多座合并前，各自仍算一个选择",
            "one station: until then each is a choice",
        )
        faults += [
            Fault(str(site), Text("替代多座驿站", "replaces several stations"), expected, column="replaces")
            for site in sites.ids((sites.stations_replaced > 1) & sites.new)
        ]
    if any(rule.name == "capacity" for rule in rules):
        found = Text("分期方案不能用 capacity", "capacity with phases")
        faults.append(
            Fault("constraints.capacity", found, Text("去掉 phases 或 capacity", "no phases, or no capacity"))
        )
    return faults
