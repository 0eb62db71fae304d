"""Maps for officials: Folium pages that open without a network."""

from planner.mapping.page import PlanMap, draw_map, map_page
from planner.mapping.panel import PlanPanel
from planner.mapping.sheet import Sheet, sheet_for

__all__ = ["PlanMap", "PlanPanel", "Sheet", "draw_map", "map_page", "sheet_for"]
