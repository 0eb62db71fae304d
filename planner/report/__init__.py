"""What a plan leaves behind: a brief to print, a workbook, a GeoPackage, a machine-readable result, a short answer."""

from planner.report.machine import plan_document, plan_json, summary_json
from planner.report.summary import summary_text
from planner.report.whole_files import write_files

__all__ = ["plan_document", "plan_json", "summary_json", "summary_text", "write_files"]
