"""The nouns of the planner."""

from planner.model.actions import ACTIONS, Action, ActionKind, action_label
from planner.model.barriers import BARRIER_KINDS, Barriers
from planner.model.building_time import building_parameter
from planner.model.changes import CHANGE_KINDS, GATE_KINDS, IMPROVEMENTS, LINE_KINDS, NetworkChanges
from planner.model.compounds import Compounds, passing_names
from planner.model.costs import NearestWalks, WalkingCosts
from planner.model.gates import GATE_FACTS, GATE_REASONS, GATE_STATES, Gates, gates_at
from planner.model.given import GivenStations
from planner.model.named_walkers import WALKERS, walker_label
from planner.model.notes import STATUS_LABELS, Note, Parameter, Status, shortened
from planner.model.places import (
    ANY_FUNCTION,
    STATUSES,
    Areas,
    Background,
    CandidateSites,
    Demand,
)
from planner.model.slopes import Slope, tobler_level_metres
from planner.model.solution import ShareCovered, Solution, SolutionStatus, SolvedStep, Stopped
from planner.model.walking import (
    DIRECTIONS,
    MM_PER_M,
    MS_PER_MIN,
    Direction,
    Need,
    ServiceStandard,
    Walker,
)

__all__ = [
    "ACTIONS",
    "ANY_FUNCTION",
    "BARRIER_KINDS",
    "CHANGE_KINDS",
    "DIRECTIONS",
    "GATE_FACTS",
    "GATE_KINDS",
    "GATE_REASONS",
    "GATE_STATES",
    "IMPROVEMENTS",
    "LINE_KINDS",
    "MM_PER_M",
    "MS_PER_MIN",
    "STATUSES",
    "STATUS_LABELS",
    "WALKERS",
    "Action",
    "ActionKind",
    "Areas",
    "Background",
    "Barriers",
    "CandidateSites",
    "Compounds",
    "Demand",
    "Direction",
    "Gates",
    "GivenStations",
    "NearestWalks",
    "Need",
    "NetworkChanges",
    "Note",
    "Parameter",
    "ServiceStandard",
    "ShareCovered",
    "Slope",
    "Solution",
    "SolutionStatus",
    "SolvedStep",
    "Status",
    "Stopped",
    "Walker",
    "WalkingCosts",
    "action_label",
    "building_parameter",
    "gates_at",
    "passing_names",
    "shortened",
    "tobler_level_metres",
    "walker_label",
]
