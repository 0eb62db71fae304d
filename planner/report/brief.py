"""brief.html: the page an official prints. Two to four sheets of A4, both languages, nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from planner.bilingual import Language, Text
from planner.coverage import street_sentences
from planner.coverage.walk_classes import classes_of
from planner.model import STATUS_LABELS
from planner.page_policy import POLICY_PLACE, with_policy
from planner.plan import Plan
from planner.report.brief_rows import (
    alternative_rows,
    area_rows,
    grid_sentence,
    left_out_rows,
    left_out_sentence,
    need_rows,
    share_rows,
    station_rows,
    station_sentence,
    zone_sentence,
)
from planner.report.chart import frontier_chart
from planner.report.circle_rows import circle_rows, circle_sentences
from planner.report.columns import need_label
from planner.report.gate_tables import assumed_sentence
from planner.report.machine import crs_name, installed_version, relative_path
from planner.report.phase_rows import phase_rows, programme_sentence
from planner.report.picture import how_homes_are_drawn, map_picture
from planner.report.tables import station_table
from planner.report.words import (
    binding_in_words,
    constraint_label,
    objective_label,
    objective_sentence,
    rule_for_readers,
    status_sentence,
)
from planner.report.worth_rows import worth_rows

_MOST_NOTES = 8
#: What was made of the files comes last: it says less about the result than what was assumed.
_ON_READING = ("table.", "ids.", "numbers.", "network.extent")
_MOST_PARAMETERS = 14
_MOST_INPUTS = 8


def brief_page(plan: Plan, language: Language = "zh") -> str:
    """Return the brief as one HTML page without outside references.

    Parameters
    ----------
    plan : Plan
    language : str
        The language the page opens in; a switch, hidden in print, changes to the other.

    Returns
    -------
    str
        The same for the same plan: no clock is read, date fields are left blank.
    """
    templates = resources.files("planner.report").joinpath("templates")
    environment = Environment(
        loader=PackageLoader("planner.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["t"] = both_languages
    environment.filters["begin"] = beginning_a_line
    environment.filters["counted"] = _counted
    page = environment.get_template("brief.html")
    style, fit, script = (
        Markup(templates.joinpath(name).read_text(encoding="utf-8")) for name in ("brief.css", "fit.js", "brief.js")
    )
    rendered = page.render(**_content(plan), style=style, script=fit + script, language=language, policy=POLICY_PLACE)
    return with_policy(rendered)


def both_languages(text: Text | str) -> Markup:
    """Return a text as HTML in both languages, of which the page shows one; escaped.

    Examples
    --------
    >>> str(both_languages(Text("驿站", "station")))
    '<span class="zh" lang="zh-CN">驿站</span><span class="en" lang="en">station</span>'
    >>> str(both_languages("<script>"))
    '&lt;script&gt;'
    """
    if isinstance(text, str):
        return escape(text)
    if text.zh == text.en:
        return escape(text.zh)
    return Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>').format(
        text.zh, text.en
    )


def beginning_a_line(text: Text) -> Markup:
    """Return a text as `both_languages` does, the English with a capital letter.

    Examples
    --------
    >>> str(beginning_a_line(Text("居民", "residents")))
    '<span class="zh" lang="zh-CN">居民</span><span class="en" lang="en">Residents</span>'
    """
    return both_languages(Text(text.zh, text.en[:1].upper() + text.en[1:]))


def _counted(text: Text, number: int, what: Text) -> Markup:
    """Return a text about a number that the page may count anew, the number marked."""
    sides = (
        Markup(escape(side)).replace("{n}", Markup("<b>{}</b>").format(number)).replace("{what}", escape(each))
        for side, each in ((text.zh, what.zh), (text.en, what.en))
    )
    return Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>').format(*sides)


def _content(plan: Plan) -> Mapping[str, Any]:
    warnings = [note for note in plan.notes if note.level == "warning"]
    assumptions = [note for note in plan.notes if note.level == "assumption"]
    assumptions.sort(key=lambda note: note.code.startswith(_ON_READING))
    return {
        "plan": plan,
        "title": plan.config.name,
        "is_run": plan.command == "run",
        "headline": plan.headline,
        "synthetic": plan.synthetic,
        "status": status_sentence(plan),
        "wish": objective_sentence(plan),
        "needs": need_rows(plan),
        "shares": share_rows(plan),
        "first_need": need_label(plan.needs[0]),
        "drawn_as": how_homes_are_drawn(plan),
        "picture": Markup(map_picture(plan)),
        "classes": classes_of(plan.after.needs[0]),
        "has_grids": plan.after.grids is not None,
        "zones": zone_sentence(plan),
        "has_closed": bool(plan.solution.closed),
        "has_candidates": "not_chosen" in _decisions(plan, proposed=False),
        "has_proposals": "not_chosen" in _decisions(plan, proposed=True),
        "has_chosen_proposals": "opened" in _decisions(plan, proposed=True),
        "attribution": plan.attribution,
        "station_sentence": station_sentence(plan),
        "stations": station_rows(plan),
        "has_acquisition": any(row["acquisition"].zh for row in station_rows(plan).rows),
        "has_rooms": plan.rooms is not None,
        "phases": phase_rows(plan),
        "circle_tables": circle_rows(plan),
        "circle_sentences": circle_sentences(plan),
        "programme_sentence": programme_sentence(plan),
        "grid_sentence": grid_sentence(plan),
        "areas": [
            part
            for level in ("grid", "community")
            if (part := area_rows(plan, level)) is not None and len(part.rows) > 1
        ],
        "alternatives": alternative_rows(plan),
        "assumed_sentence": assumed_sentence(plan),
        "left_out_sentence": left_out_sentence(plan),
        "left_out": left_out_rows(plan),
        "worth": worth_rows(plan),
        "chart": frontier_chart,
        "has_remedies": bool(plan.remedies),
        "warnings": warnings[:_MOST_NOTES],
        "assumptions": assumptions[:_MOST_NOTES],
        "streets": [] if plan.streets is None else street_sentences(plan.streets),
        "more_notes": max(0, len(warnings) - _MOST_NOTES) + max(0, len(assumptions) - _MOST_NOTES),
        "parameters": plan.parameters[:_MOST_PARAMETERS],
        "more_parameters": max(0, len(plan.parameters) - _MOST_PARAMETERS),
        "status_labels": STATUS_LABELS,
        "objective": objective_label(plan),
        "rules": [(rule_for_readers(rule), binding_in_words(rule)) for rule in plan.rules[1:]],
        "constraints": [constraint_label(one.name, one.parameters) for one in plan.config.constraints],
        "inputs": [
            (relative_path(one.path, plan.config.folder), one.sha256[:12]) for one in plan.inputs[:_MOST_INPUTS]
        ],
        "more_inputs": max(0, len(plan.inputs) - _MOST_INPUTS),
        "crs": crs_name(plan),
        "version": installed_version("station-planner"),
        "text": Text,
    }


def _decisions(plan: Plan, proposed: bool) -> set[str]:
    table = station_table(plan)
    return set(table["decision"][table["proposed"] == proposed])
