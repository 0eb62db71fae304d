"""A programme over years: which stations open in which phase, best for the whole way and not only for its end."""

from planner.siting.phases.phase import Phase, phases_from
from planner.siting.phases.programme import PhasePlan, Programme
from planner.siting.phases.solving import solve_phases

__all__ = ["Phase", "PhasePlan", "Programme", "phases_from", "solve_phases"]
