"""Nobody is left without a station within the standard: with `fewest_sites` the LSCP, Toregas et al. (1971)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.model import Note
from planner.siting.constraints.constraint import Constraint
from planner.siting.linear import Rows
from planner.siting.parameters import flag_fault, require, unknown
from planner.siting.problem import Mask, NeedWalks, SitingProblem

#: So many of those left out are named; the rest are counted.
_NAMED = 20


@dataclass(frozen=True)
class CoverEveryone(Constraint):
    """Every demand point with people has an open station within the standard, for every need.

    Parameters
    ----------
    except_out_of_reach : bool
        Leave out the people who have no site within the standard at all; how many they are is noted.
    group : str, optional
        Only the needs of this group.

    Raises
    ------
    PlanFileError
        If `except_out_of_reach` is neither true nor false, or `group` is no text.
    """

    except_out_of_reach: bool = False
    group: str | None = None

    name: ClassVar[str] = "cover_everyone"
    label: ClassVar[Text] = Text("全部覆盖", "everyone is covered")

    def __post_init__(self) -> None:
        group: object = self.group
        wrong_group = Fault("", same(repr(group)), Text("人群名称", "the name of a group"), column="group")
        require(
            f"constraints.{self.name}",
            [
                flag_fault("except_out_of_reach", self.except_out_of_reach),
                None if group is None or isinstance(group, str) else wrong_group,
            ],
        )

    def faults(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the group if no need has it."""
        groups = [need.group for need in problem.needs]
        if self.group is not None and self.group not in groups:
            expected = same(" | ".join(dict.fromkeys(groups)))
            yield Fault(f"constraints.{self.name}", unknown(self.group), expected, column="group")

    def _concerned(self, need: NeedWalks) -> Mask:
        """Demand points with people of this need, shape (demand points,)."""
        concerned: Mask = (need.people > 0) & (self.group is None or need.group == self.group)
        return concerned

    def _must(self, problem: SitingProblem) -> tuple[Mask, ...]:
        concerned = tuple(self._concerned(need) for need in problem.needs)
        if not self.except_out_of_reach:
            return concerned
        return tuple(
            points & need.free.covered(~problem.excluded) for points, need in zip(concerned, problem.needs, strict=True)
        )

    def allows(self, problem: SitingProblem, is_open: Mask) -> bool:
        """Whether nobody is left out."""
        must = self._must(problem)
        return all(
            bool(np.all(need.covered(is_open)[points])) for need, points in zip(problem.needs, must, strict=True)
        )

    def rows(self, problem: SitingProblem) -> Rows:
        """Return the demand points that must be covered."""
        return Rows.covering(problem, self._must(problem))

    def asks(self, problem: SitingProblem) -> Text:  # noqa: ARG002
        """Say who must be covered."""
        who = Text("所有居民", "everyone") if self.group is None else same(self.group)
        if self.except_out_of_reach:
            return Text(
                "cover_everyone 要求覆盖可达站点的{who}", "cover_everyone asks to cover {who} with a site in reach"
            ).format(who=who)
        return Text("cover_everyone 要求覆盖{who}", "cover_everyone asks to cover {who}").format(who=who)

    def advice(self, problem: SitingProblem, least: float, most: float) -> Text | None:  # noqa: ARG002
        """Say how many people have no site in reach."""
        points, people = self._stranded(problem)
        if not points or self.except_out_of_reach:
            return None
        return Text(
            "{points} 个需求点在标准内没有任何站点（{people}）；如只要求覆盖可达者，请写 except_out_of_reach = true",
            "{points} demand points have no site within the standard ({people}); "
            "to cover the others write except_out_of_reach = true",
        ).format(points=points, people=people)

    def unmet(self, problem: SitingProblem) -> Iterable[Fault]:
        """Return the demand points that no site can serve."""
        if self.except_out_of_reach:
            return
        for need in problem.needs:
            places = np.flatnonzero(self._concerned(need) & ~need.free.covered(~problem.excluded)).tolist()
            for place in sorted(places, key=lambda place: str(problem.demand_ids[place]))[:_NAMED]:
                found = Text("{need}：{n} 人，标准内没有站点", "{need}: {n} people, no site within the standard")
                yield Fault(
                    str(problem.demand_ids[place]),
                    found.format(need=need.label, n=f"{need.people[place]:,.6g}"),
                    Text("标准内至少一个站点", "at least one site within the standard"),
                )
            if len(places) > _NAMED:
                yield Fault("…", Text("另有 {n} 处", "{n} more").format(n=len(places) - _NAMED), same("—"))

    def notes(self, problem: SitingProblem) -> tuple[Note, ...]:
        """Return how many people were left out because no site is in their reach."""
        points, people = self._stranded(problem)
        if not points or not self.except_out_of_reach:
            return ()
        text = Text(
            "{points} 个需求点在标准内没有任何站点（{people}），未列入 cover_everyone。",
            "{points} demand points have no site within the standard ({people}); cover_everyone leaves them out.",
        ).format(points=points, people=people)
        examples = tuple(fault.file for fault in CoverEveryone(group=self.group).unmet(problem))
        return (Note("siting.out_of_reach", "warning", text, examples),)

    def _stranded(self, problem: SitingProblem) -> tuple[int, Text]:
        """Count demand points without any site in reach, and tell their people need by need: they may be the same."""
        anywhere = np.zeros(len(problem.demand_ids), dtype=bool)
        people: list[Text] = []
        for need in problem.needs:
            stranded = self._concerned(need) & ~need.free.covered(~problem.excluded)
            anywhere |= stranded
            if stranded.any():
                count = f"{math.fsum(need.people[stranded]):,.6g}"
                people.append(Text("{need} {n} 人", "{need}: {n} people").format(need=need.label, n=count))
        told = Text("、".join(one.zh for one in people), ", ".join(one.en for one in people))
        return int(np.count_nonzero(anywhere)), told
