"""Files -> the nouns. One module for each kind of source, one visible list of readers."""

from planner.loading.approved import with_approved_plans
from planner.loading.background import load_background, load_barriers
from planner.loading.changes import load_changes
from planner.loading.compounds import compounds_of_homes, load_compounds, place_in_compounds
from planner.loading.demand import load_demand
from planner.loading.gates import check_gates, load_gates
from planner.loading.grids import assign_grids, load_grids
from planner.loading.input_files import input_paths
from planner.loading.plan_document import PlanDocument, read_plan_documents, read_plan_layers
from planner.loading.readers import READERS
from planner.loading.sites import load_sites
from planner.loading.study_system import study_crs
from planner.loading.system_fit import better_fitting_system
from planner.loading.venues import Venues, load_venues, with_shared_venues
from planner.loading.what_if import load_what_if, read_what_if, what_if_faults
from planner.loading.zones import keep_out_of_zones, load_zones, zones_around

__all__ = [
    "READERS",
    "PlanDocument",
    "Venues",
    "assign_grids",
    "better_fitting_system",
    "check_gates",
    "compounds_of_homes",
    "input_paths",
    "keep_out_of_zones",
    "load_background",
    "load_barriers",
    "load_changes",
    "load_compounds",
    "load_demand",
    "load_gates",
    "load_grids",
    "load_sites",
    "load_venues",
    "load_what_if",
    "load_zones",
    "place_in_compounds",
    "read_plan_documents",
    "read_plan_layers",
    "read_what_if",
    "study_crs",
    "what_if_faults",
    "with_approved_plans",
    "with_shared_venues",
    "zones_around",
]
