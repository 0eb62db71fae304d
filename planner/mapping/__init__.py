"""Maps for officials: Folium pages that open without a network."""

from planner.mapping.comparison import ComparedMap, comparison_page
from planner.mapping.page import PlanMap, draw_map, map_page
from planner.mapping.panel import PlanPanel
from planner.mapping.sheet import Sheet, sheet_for

__all__ = ["ComparedMap", "PlanMap", "PlanPanel", "Sheet", "comparison_page", "draw_map", "map_page", "sheet_for"]
