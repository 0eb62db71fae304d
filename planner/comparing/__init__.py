"""Plans side by side: what one serves that the other does not, for what money, and on what assumptions."""

from planner.comparing.comparing import Comparison, compare_plans
from planner.comparing.outputs import comparison_json, comparison_text, write_comparison

__all__ = ["Comparison", "compare_plans", "comparison_json", "comparison_text", "write_comparison"]
