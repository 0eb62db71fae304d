"""A share of the people is covered: of all, or in every area."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.model import Note
from planner.model.labels import group_label, level_label
from planner.siting.constraints.areas import area_faults, level_fault
from planner.siting.constraints.constraint import Constraint
from planner.siting.linear import Expression, Floor, Rows
from planner.siting.parameters import flag_fault, missing_fault, require, share_fault, unknown
from planner.siting.problem import Mask, NeedWalks, SitingProblem

#: People are counted in millionths, whole: sums are exact, and so is the comparison with the share.
_PARTS = 1_000_000

#: Areas named one by one; the rest are counted.
_NAMED = 20


class _Part(NamedTuple):
    """The people of one need in one area: so many of them must be covered, in millionths."""

    need: int
    area: str
    points: Mask
    people: npt.NDArray[np.int64]
    target: int

    @property
    def total(self) -> int:
        return int(self.people[self.points].sum())

    def covered(self, problem: SitingProblem, is_open: Mask) -> int:
        """Count the people covered."""
        return int(self.people[self.points & problem.needs[self.need].covered(is_open)].sum())


@dataclass(frozen=True)
class CoverageTarget(Constraint):
    """At least this share of the people has an open station within the standard, for every need.

    People are counted exactly, to the millionth of a person; the share itself is enough. Areas where nobody lives, and
    people who live in no known area, are asked nothing.

    Parameters
    ----------
    share : float
        0 to 1.
    group : str, optional
        Only the needs of this group.
    of : str
        `all` people together, or those of every `grid` or `community`.
    except_out_of_reach : bool
        Count the share of those only who have a site within the standard; how many the others are is noted.

    Raises
    ------
    PlanFileError
        If a parameter is missing or of another kind.
    """

    share: float | None = None
    group: str | None = None
    of: str = "all"
    except_out_of_reach: bool = False

    name: ClassVar[str] = "coverage_target"
    label: ClassVar[Text] = Text("覆盖率目标", "coverage target")

    def __post_init__(self) -> None:
        group: object = self.group
        wrong = Fault("", same(repr(group)), Text("人群名称", "the name of a group"), column="group")
        require(
            f"constraints.{self.name}",
            [
                missing_fault("share", self.share),
                share_fault("share", self.share),
                None if group is None or isinstance(group, str) else wrong,
                level_fault("of", self.of, ("all",)),
                flag_fault("except_out_of_reach", self.except_out_of_reach),
            ],
        )

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the group if no need has it, and the level if the problem knows no such areas."""
        groups = [need.group for need in problem.needs]
        if self.group is not None and self.group not in groups:
            expected = same(" | ".join(dict.fromkeys(groups)))
            yield Fault(f"constraints.{self.name}", unknown(self.group), expected, column="group")
        if self.of != "all":
            yield from area_faults(problem, f"constraints.{self.name}", self.of)

    @property
    def _exactly(self) -> Fraction:
        """The share as it is written: 0.9 is nine tenths."""
        return Fraction(repr(float(self.share or 0.0)))

    def _areas(self, problem: SitingProblem) -> list[tuple[str, Mask]]:
        everywhere = np.ones(len(problem.demand_ids), dtype=bool)
        if self.of == "all":
            return [("", everywhere)]
        lying = problem.demand_areas.get(self.of, np.full(len(everywhere), None, dtype=object))
        return [(area, lying == area) for area in problem.areas(self.of)]

    def _parts(self, problem: SitingProblem) -> list[_Part]:
        """Return what is asked for, need by need and area by area, where anything is."""
        parts = []
        for k, need in enumerate(problem.needs):
            if self.group is not None and need.group != self.group:
                continue
            people = np.rint(need.people * _PARTS).astype(np.int64)
            counted = people > 0
            if self.except_out_of_reach:
                counted &= _in_reach(problem, need)
            for area, inside in self._areas(problem):
                points = inside & counted
                target = math.ceil(self._exactly * int(people[points].sum()))
                if target > 0:
                    parts.append(_Part(k, area, points, people, target))
        return parts

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether so many are covered everywhere, counted in whole millionths."""
        return all(part.covered(problem, is_open) >= part.target for part in self._parts(problem))

    def rows(self, problem: SitingProblem) -> Rows:
        """Return one floor for each need and area: the people covered there."""
        return Rows.above(problem, [_floor(problem, part) for part in self._parts(problem)])

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say how many must be covered where."""
        who = Text("居民", "the people") if self.group is None else group_label(self.group)
        if self.except_out_of_reach:
            who = Text("有站点可达的{who}", "{who} with a site in reach").format(who=who)
        where = Text("", "")
        if self.of != "all":
            where = Text("每个{level}中", " in every {level}").format(level=level_label(self.of))
        return Text(
            "coverage_target 要求{where}覆盖{share}的{who}", "coverage_target asks to cover {share} of {who}{where}"
        ).format(where=where, share=_percent(self._exactly), who=who)

    def advice(self, problem: SitingProblem, least: float, most: float) -> Text | None:  # noqa: ARG002
        """Say how many the other constraints leave, where one count is asked for."""
        parts = self._parts(problem)
        if len(parts) != 1 or not np.isfinite(most) or round(most * _PARTS) >= parts[0].target:
            return None
        total = parts[0].total
        return Text("至多能覆盖 {n} 人（{share}）", "at most {n} people can be covered ({share})").format(
            n=f"{most:,.6g}", share=_percent(Fraction(round(most * _PARTS), total), down=True)
        )

    def unmet(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the areas that miss the share even with every site open, and by how many people."""
        missed = [(part, part.covered(problem, ~problem.excluded)) for part in self._parts(problem)]
        missed = [(part, covered) for part, covered in missed if covered < part.target]
        for part, covered in missed[:_NAMED]:
            found = Text("{need}：{n} / {all} 人，还差 {short} 人", "{need}: {n} of {all} people, {short} too few")
            yield Fault(
                part.area or same("—").en,
                found.format(
                    need=problem.needs[part.need].label,
                    n=_people(covered),
                    all=_people(part.total),
                    short=_people(part.target - covered),
                ),
                same(_percent(self._exactly)),
            )
        if len(missed) > _NAMED:
            yield Fault("…", Text("另有 {n} 处", "{n} more").format(n=len(missed) - _NAMED), same("—"))

    def notes(self, problem: SitingProblem) -> tuple[Note, ...]:
        """Return how many people the share leaves out because no site is in their reach."""
        if not self.except_out_of_reach:
            return ()
        left_out = []
        for need in problem.needs:
            stranded = (need.people > 0) & ~_in_reach(problem, need)
            if (self.group is None or need.group == self.group) and stranded.any():
                people = f"{math.fsum(need.people[stranded]):,.6g}"
                left_out.append(Text("{need} {n} 人", "{need}: {n} people").format(need=need.label, n=people))
        if not left_out:
            return ()
        text = Text(
            "标准内没有任何站点的居民（{people}）未列入 coverage_target。",
            "People without any site within the standard ({people}) are left out of coverage_target.",
        ).format(people=Text("、".join(one.zh for one in left_out), ", ".join(one.en for one in left_out)))
        return (Note("siting.out_of_reach", "warning", text),)


def _in_reach(problem: SitingProblem, need: NeedWalks) -> Mask:
    return need.covered(~problem.excluded)


def _floor(problem: SitingProblem, part: _Part) -> Floor:
    """Return the people covered as an expression, with room below the target that no plan lies in."""
    amounts = [np.zeros(len(problem.demand_ids)) for _ in problem.needs]
    amounts[part.need] = np.where(part.points, part.people / _PARTS, 0.0)
    step = int(np.gcd.reduce(part.people[part.points]))
    target = -(-part.target // step) * step
    tolerance = 4e-6 * max(1.0, float(amounts[part.need].max()) / 1e4)
    return Floor(
        Expression.of(problem, of_covered=tuple(amounts)), target / _PARTS - max(0.5 * step / _PARTS, tolerance)
    )


def _people(parts: int) -> str:
    return f"{parts / _PARTS:,.10g}"


def _percent(share: Fraction, *, down: bool = False) -> str:
    """Return a share in percent; what falls short of a target is not rounded up to it."""
    percent = float(share * 100)
    return f"{math.floor(percent * 100) / 100:g}%" if down else f"{percent:g}%"
