"""Who is served: measures of a set of open stations."""

from planner.coverage.measures import AREA_LEVELS, SERVED_SHARE, Coverage, NeedCoverage, measure_coverage, measure_need
from planner.coverage.nearest import nearest_open

__all__ = [
    "AREA_LEVELS",
    "SERVED_SHARE",
    "Coverage",
    "NeedCoverage",
    "measure_coverage",
    "measure_need",
    "nearest_open",
]
