"""The panel beside the map: what the plan achieves, how to read the map, and what it rests on."""

from __future__ import annotations

from typing import Any

from planner.bilingual import Language, Text, same
from planner.mapping.elements import DataControl, fill_template
from planner.mapping.layers.stations import people_within
from planner.mapping.life_circle import circle_data
from planner.mapping.needs import need_data, need_label
from planner.mapping.pinyin import names_of, pinyin_data
from planner.mapping.sheet import Sheet
from planner.mapping.tiles import tile_notice
from planner.mapping.values import pair
from planner.mapping.wording import WORDS
from planner.model import STATUS_LABELS
from planner.model.figures import percent
from planner.plan import Plan

#: More candidates or gates than this are switched off when the page opens.
CROWD = 300


class PlanPanel(DataControl):
    """The panel as a Folium element; it finds the layers of the map it is added to, so add it last.

    Parameters
    ----------
    plan : Plan
    sheet : Sheet
    language : str
        The language shown first.
    """

    scripts = (
        *("core.js", "words.js", "controls.js", "show.js", "cards.js", "search.js", "tables.js"),
        *("swipe.js", "life_circle.js", "panel_frame.js", "panel.js"),
    )
    styles = ("map.css", "panel.css", "life_circle.css", "reading.css", "swipe.css")

    def __init__(self, plan: Plan, sheet: Sheet, language: Language = "zh") -> None:
        super().__init__("panel", panel_data(plan, sheet, language))
        self._values = panel_values(plan, language)

    def markup(self) -> str:
        """Return the panel's HTML."""
        return fill_template("panel.html", id=self.get_name(), **self._values)


def panel_data(plan: Plan, sheet: Sheet, language: Language) -> dict[str, Any]:
    """Return what the panel's script looks up."""
    crowded = {"candidates": len(plan.sites), "gates": 0 if plan.gates is None else len(plan.gates.table)}
    return {
        "command": plan.command,
        "language": language,
        "title": pair(WORDS["title"].format(name=plan.config.name)),
        "needs": need_data(plan),
        "moments": [{"key": key, "label": pair(label)} for key, label in moment_labels(plan)],
        "estimated": plan.estimated is not None,
        "circle": circle_data(plan),
        "pinyin": pinyin_data(names_of(plan)),
        "study": sheet.corners(sheet.study),
        "sheet": sheet.corners(sheet.drawn),
        "manyLayers": [key for key, count in crowded.items() if count > CROWD],
    }


def panel_values(plan: Plan, language: Language) -> dict[str, Any]:
    """Return what the panel's template is filled with."""
    return {
        "t": WORDS,
        "language": language,
        "hint": WORDS["circles" if plan.demand.shapes is None else "outlines"],
        "audit": plan.command == "audit",
        "name": plan.config.name,
        "synthetic": plan.synthetic,
        "headline": plan.headline,
        "coverage": WORDS["generalised" if plan.estimated is None else "generalised_estimate"],
        "moments": moment_labels(plan),
        "needs": _need_rows(plan),
        "opened": _station_rows(plan, plan.solution.opened),
        "kept": _station_rows(plan, plan.solution.kept),
        "solution": plan.certificate,
        "circle": plan.life_circle,
        "notes": [
            {"level": note.level, "kind": WORDS[note.level], "text": note.text, "examples": "、".join(note.examples)}
            for note in plan.notes
        ],
        "parameters": [
            {
                "label": one.label,
                "value": one.shown,
                "source": one.source,
                "status": one.status,
                "status_label": STATUS_LABELS[one.status],
            }
            for one in plan.parameters
        ],
        "attribution": plan.attribution,
        "tiles": tile_notice(plan),
        "inputs": plan.inputs,
    }


def moment_labels(plan: Plan) -> list[tuple[str, Text]]:
    """Return what can be shown: today and the plan, or today and the state after each phase."""
    if plan.command == "audit":
        return [("after", WORDS["today"])]
    labels = [WORDS["after"]]
    if plan.programme is not None:
        labels = [same(each.phase.name) for each in plan.programme.phases]
    return list(zip(plan.moments, [WORDS["before"], *labels], strict=True))


def _need_rows(plan: Plan) -> list[dict[str, Any]]:
    return [
        {
            "label": need_label(need),
            "before": percent(before.share_covered),
            "after": percent(after.share_covered),
            "interval": None if plan.interval(place).is_point else plan.share_covered(place),
        }
        for place, (need, before, after) in enumerate(zip(plan.needs, plan.before.needs, plan.after.needs, strict=True))
    ]


def _station_rows(plan: Plan, sites: tuple[str, ...]) -> list[dict[str, Any]]:
    names = plan.sites.table["name"]
    within = people_within(plan, 0, plan.sites.table.index[plan.sites.table.index.isin(sites)])
    rows = []
    for site in sorted(sites):
        count = within.get(site)
        note = Text("{n} 人", "{n} people").format(n="—" if count is None else f"{count:,.0f}")
        if site in plan.phase_of:
            note = Text("{phase} · {note}", "{phase} · {note}").format(phase=plan.phase_of[site], note=note)
        rows.append({"id": site, "name": str(names[site]), "note": note})
    return rows
