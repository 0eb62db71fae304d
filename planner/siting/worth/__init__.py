"""What the answer is worth: told with every plan, each part counted again or proven by solving again."""

from planner.siting.worth.certificate import certificate, compared_with_best
from planner.siting.worth.different import Different, OtherPlan
from planner.siting.worth.frontier import frontier
from planner.siting.worth.next_steps import Step
from planner.siting.worth.points import Frontier, FrontierPoint
from planner.siting.worth.stations import StationWorth, Swap
from planner.siting.worth.worth import Worth, worth_of

__all__ = [
    "Different",
    "Frontier",
    "FrontierPoint",
    "OtherPlan",
    "StationWorth",
    "Step",
    "Swap",
    "Worth",
    "certificate",
    "compared_with_best",
    "frontier",
    "worth_of",
]
