"""Where the next stations go: what is given, what is better, what is allowed, and the solver behind them."""

from planner.siting.constraints import CONSTRAINTS, Capacity, Constraint, constraints_from
from planner.siting.given import WhatIf, judge_given, stations_given
from planner.siting.objectives import OBJECTIVES, Objective, objective_from
from planner.siting.phases import Phase, Programme, phases_from, solve_phases
from planner.siting.problem import NeedWalks, SitingProblem
from planner.siting.solving import solve, strategies
from planner.siting.today import where_people_go
from planner.siting.told_rules import ToldRule, told_rules

__all__ = [
    "CONSTRAINTS",
    "OBJECTIVES",
    "Capacity",
    "Constraint",
    "NeedWalks",
    "Objective",
    "Phase",
    "Programme",
    "SitingProblem",
    "ToldRule",
    "WhatIf",
    "constraints_from",
    "judge_given",
    "objective_from",
    "phases_from",
    "solve",
    "solve_phases",
    "stations_given",
    "strategies",
    "told_rules",
    "where_people_go",
]
