"""Streets, gates and barriers as one WalkNetwork."""

from planner.network.background import osm_background
from planner.network.barriers import osm_barriers
from planner.network.bridges import lines_off_ground
from planner.network.changing import CHANGE_PARAMETERS, apply_changes, change_gates, refuse_changes_elsewhere
from planner.network.checkup import check_network
from planner.network.elsewhere import refuse_streets_elsewhere
from planner.network.enclosures import Enclosed, enclose
from planner.network.fetch import fetch_streets
from planner.network.gate_links import LINK_PARAMETER
from planner.network.gate_places import BESIDE_PARAMETER
from planner.network.load import load_network
from planner.network.own_gates import bring_gates, lanes_opened
from planner.network.scraps import SCRAP_PARAMETER
from planner.network.slopes import slope_note, slope_parameters
from planner.network.walk_network import WalkNetwork

__all__ = [
    "BESIDE_PARAMETER",
    "CHANGE_PARAMETERS",
    "LINK_PARAMETER",
    "SCRAP_PARAMETER",
    "Enclosed",
    "WalkNetwork",
    "apply_changes",
    "bring_gates",
    "change_gates",
    "check_network",
    "enclose",
    "fetch_streets",
    "lanes_opened",
    "lines_off_ground",
    "load_network",
    "osm_background",
    "osm_barriers",
    "refuse_changes_elsewhere",
    "refuse_streets_elsewhere",
    "slope_note",
    "slope_parameters",
]
