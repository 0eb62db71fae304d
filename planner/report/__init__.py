"""What a plan leaves behind: a brief to print, a workbook, a GeoPackage, a machine-readable result, a short answer."""

from planner.report.brief import brief_page
from planner.report.figure import number
from planner.report.geopackage import write_geopackage
from planner.report.machine import installed_version, plan_document, plan_json, summary_json
from planner.report.new_study import write_new_study
from planner.report.pdf import refuse_unprintable, write_pdf
from planner.report.proposal_file import proposals_json, proposals_text, write_proposals, writer_for
from planner.report.sheet import SheetWriter
from planner.report.summary import summary_text
from planner.report.whole_files import refuse_unwritable, write_files
from planner.report.workbook import write_workbook

__all__ = [
    "SheetWriter",
    "brief_page",
    "installed_version",
    "number",
    "plan_document",
    "plan_json",
    "proposals_json",
    "proposals_text",
    "refuse_unprintable",
    "refuse_unwritable",
    "summary_json",
    "summary_text",
    "write_files",
    "write_geopackage",
    "write_new_study",
    "write_pdf",
    "write_proposals",
    "write_workbook",
    "writer_for",
]
