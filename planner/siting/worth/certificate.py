"""How sure a plan is, in words: nothing is better, or nothing is better by more than so much."""

from __future__ import annotations

import math
from collections.abc import Sequence

from planner.bilingual import Text, same
from planner.model import Need, Solution
from planner.siting.constraints import Constraint, StationCount
from planner.siting.given import WhatIf
from planner.siting.objectives import Objective

_OTHER_PLAN = Text("其他方案", "other plan")


def certificate(
    solution: Solution,
    objective: Objective,
    constraints: Sequence[Constraint] = (),
    needs: Sequence[Need | None] = (),
) -> Text:
    """Put into words what is proven of a solution.

    Parameters
    ----------
    solution : Solution
    objective : Objective
        What was made better.
    constraints : sequence of Constraint
        Those of the plan: where one fixes the number of stations, the sentence speaks of as many others.
    needs : sequence of Need
        Those of the plan; None stands for a matrix of the user's own.

    Returns
    -------
    Text
        "Proven" only where the status is `optimal`.

    Examples
    --------
    >>> from planner.siting import SitingProblem, objective_from, solve
    >>> problem = SitingProblem.from_costs([[1, 9], [9, 1]], [10, 20], max_walk=5)
    >>> rules = [StationCount(stations=1)]
    >>> certificate(solve(problem, constraints=rules), objective_from("max_coverage"), rules).en
    'Proven: with the given sites and constraints no other station would cover more people.'
    """
    if solution.status == "infeasible":
        return Text("没有满足约束的方案。", "No plan meets the constraints.")
    values = {"other": _others(constraints), "added": _added_up(objective, needs)}
    if solution.status == "optimal":
        return Text(
            "已证明：在给定的候选点和约束下，没有{other}{better}{added}。",
            "Proven: with the given sites and constraints no {other} {better}{added}.",
        ).format(better=objective.better, **values)
    why = _STOPPED.get(solution.stopped, same(""))
    room = abs(solution.bound - solution.objective)
    if not math.isfinite(room):
        return Text(
            "{why}方案可用，尚未证明最优：差距未知。",
            "{why}The plan is usable and not proven to be the best: how far it is from the best is unknown.",
        ).format(why=why)
    better = objective.better_by.format(amount=objective.in_words(room, needs))
    return Text(
        "{why}方案可用，尚未证明最优；没有{other}{better}{added}（差距 {gap}）。",
        "{why}The plan is usable and not proven to be the best; no {other} {better}{added} (a gap of {gap}).",
    ).format(why=why, better=better, gap=_percent_up(solution.gap), **values)


def compared_with_best(
    solution: Solution, told: WhatIf, objective: Objective, needs: Sequence[Need | None] = ()
) -> Text:
    """Put into words how far given stations are from the best plan under the same rules.

    Parameters
    ----------
    solution : Solution
        That of the stations given.
    told : WhatIf
    objective : Objective
    needs : sequence of Need

    Returns
    -------
    Text
        "Proven" only where the best plan is.
    """
    given = Text("站点由人工设定，未经选址。", "The stations were set by hand, none was chosen. ")
    if solution.status == "optimal":
        rest = Text("已证明：在同样的约束下没有更好的方案。", "Proven: no plan under the same rules is better.")
        return Text("{given}{rest}", "{given}{rest}").format(given=given, rest=rest)
    if told.broken:
        rest = Text("不满足 {n} 条规则（见提示）。", "Rules not met: {n} (see the warnings). ")
        given = Text("{given}{rest}", "{given}{rest}").format(given=given, rest=rest.format(n=len(told.broken)))
    return Text("{given}{rest}", "{given}{rest}").format(
        given=given, rest=_beside_best(solution, told, objective, needs)
    )


def _beside_best(solution: Solution, told: WhatIf, objective: Objective, needs: Sequence[Need | None]) -> Text:
    best = told.best
    if best is None:
        if told.ends == "no_plan":
            return Text("已证明：没有方案能满足全部规则。", "Proven: no plan meets all the rules.")
        return Text("时限内未找到可比的方案。", "No plan to compare it with was found in time.")
    amount = abs(best.objective - solution.objective)
    values = {
        "label": objective.label,
        "best": objective.figure_in_words(best.objective, needs),
        "own": objective.figure_in_words(solution.objective, needs),
        "bound": objective.in_words(best.bound, needs) if math.isfinite(best.bound) else same("—"),
        "proven": Text("，已证明", ", proven") if best.status == "optimal" else same(""),
        "apart": objective.in_words(amount, needs) if math.isfinite(amount) else same("—"),
        "which": Text("满足全部规则的最好方案", "the best plan that meets all of them")
        if told.broken
        else Text("同样约束下的最好方案", "the best plan under the same rules"),
        "added": _added_up(objective, needs),
    }
    if best.status == "optimal":
        values["bound"] = same("")
    else:
        values["bound"] = Text("（未证明最优，界为 {bound}）", " (not proven; no plan is beyond {bound})").format(
            bound=values["bound"]
        )
    return Text(
        "目标“{label}”：本试算 {own}，{which} {best}{bound}，相差 {apart}{proven}{added}。",
        "Objective “{label}”: this what-if {own}, {which} {best}{bound}; {apart} apart{proven}{added}.",
    ).format(**values)


_STOPPED = {
    "interrupted": Text("已中断。", "The search was interrupted. "),
    "time_limit": Text("到达时限。", "The time limit was reached. "),
    "gap": Text("已达到设定的差距。", "The gap asked for was reached. "),
}


def _others(constraints: Sequence[Constraint]) -> Text:
    """Return the others that a plan is compared with: as many new stations where their number is given."""
    for rule in constraints:
        if isinstance(rule, StationCount) and (count := rule.new_stations or rule.stations):
            kind = Text("新站", "new station") if rule.new_stations else Text("驿站", "station")
            number = Text("{n} 座{kind}", "{n} {kind}s" if count > 1 else "{kind}")
            return Text("其他 {many}", "other {many}").format(many=number.format(n=count, kind=kind))
    return _OTHER_PLAN


def _added_up(objective: Objective, needs: Sequence[Need | None]) -> Text:
    if len(needs) < 2 or not objective.adds_up_needs:
        return same("")
    return Text("（各项需求按权重合计）", " (needs added up by weight)")


def _percent_up(share: float) -> str:
    return f"{math.ceil(round(share * 1000, 6)) / 10:.1f}%"
