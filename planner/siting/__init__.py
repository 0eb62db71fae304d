"""Where the next stations go: what is given, what is better, what is allowed, and the solver behind them."""

from planner.siting.constraints import CONSTRAINTS, Constraint, constraints_from
from planner.siting.objectives import OBJECTIVES, Objective, objective_from
from planner.siting.problem import NeedWalks, SitingProblem
from planner.siting.solving import solve

__all__ = [
    "CONSTRAINTS",
    "OBJECTIVES",
    "Constraint",
    "NeedWalks",
    "Objective",
    "SitingProblem",
    "constraints_from",
    "objective_from",
    "solve",
]
