"""Who is served: measures of a set of open stations."""

from planner.coverage.alternatives import MOMENTS, Alternatives
from planner.coverage.interval import CoverageInterval, coverage_interval
from planner.coverage.life_circle import (
    CircleParty,
    CircleReach,
    LifeCircle,
    circle_parameters,
    circle_parties,
    circle_reach,
    functions_of,
)
from planner.coverage.measures import (
    AREA_LEVELS,
    SERVED_SHARE,
    Coverage,
    NeedCoverage,
    coverage_of,
    measure_coverage,
    measure_need,
)
from planner.coverage.nearest import nearest_open
from planner.coverage.places import StationRoom, people_at, with_places
from planner.coverage.remedies import find_remedies, remedy_in_words
from planner.coverage.street_data import StreetData, street_data
from planner.coverage.street_verdict import judge, street_document, street_sentences

__all__ = [
    "AREA_LEVELS",
    "MOMENTS",
    "SERVED_SHARE",
    "Alternatives",
    "CircleParty",
    "CircleReach",
    "Coverage",
    "CoverageInterval",
    "LifeCircle",
    "NeedCoverage",
    "StationRoom",
    "StreetData",
    "circle_parameters",
    "circle_parties",
    "circle_reach",
    "coverage_interval",
    "coverage_of",
    "find_remedies",
    "functions_of",
    "judge",
    "measure_coverage",
    "measure_need",
    "nearest_open",
    "people_at",
    "remedy_in_words",
    "street_data",
    "street_document",
    "street_sentences",
    "with_places",
]
