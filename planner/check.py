"""What the inputs are worth, before anything is planned."""

from __future__ import annotations

import math
from dataclasses import dataclass

from planner.bilingual import Language, Text
from planner.config import PlanConfig
from planner.coverage import StreetData, street_document, street_sentences
from planner.loading import load_what_if
from planner.model import Note
from planner.model.labels import group_label
from planner.pipeline import distinct_notes, judged_streets, measure_walks
from planner.siting import SitingProblem, stations_given, strategies
from planner.study import Progress, load_study


@dataclass(frozen=True)
class CheckReport:
    """What `planner check` found: sizes, people, and every warning and assumption."""

    name: str
    crs: str
    counts: dict[str, float]
    people: dict[str, float]
    notes: tuple[Note, ...]
    streets: StreetData

    def in_language(self, language: Language) -> str:
        """Return the report as lines."""
        lines = [Text("{name}：输入可用。", "{name}: the inputs can be used.").format(name=self.name)]
        lines += [_COUNT_LABELS[key].format(n=f"{count:,g}") for key, count in self.counts.items()]
        lines += [
            Text("{group}：{n} 人", "{group}: {n} people").format(group=group_label(group), n=f"{n:,.0f}")
            for group, n in self.people.items()
        ]
        lines += [Text("", ""), Text("路网数据", "Street data")]
        lines += [Text(f"  {one.zh}", f"  {one.en}") for one in street_sentences(self.streets)] + [Text("", "")]
        for level, label in _LEVEL_LABELS.items():
            lines += [
                Text("{label}：{note}", "{label}: {note}").format(label=label, note=note.in_full)
                for note in self.notes
                if note.level == level
            ]
        return "\n".join(line.in_language(language) for line in lines)

    def to_dict(self) -> dict[str, object]:
        """Return the report for `--json`."""
        notes = [
            {
                "code": note.code,
                "level": note.level,
                "zh": note.text.zh,
                "en": note.text.en,
                "examples": list(note.examples),
            }
            for note in self.notes
        ]
        return {
            "name": self.name,
            "crs": self.crs,
            **self.counts,
            "people": self.people,
            "streets": street_document(self.streets),
            "notes": notes,
        }


_COUNT_LABELS = {
    "demand_points": Text("需求点 {n} 个", "{n} demand points"),
    "sites": Text("站点与候选点 {n} 个", "{n} stations and candidate sites"),
    "grids": Text("网格 {n} 个", "{n} grids"),
    "zones": Text("禁止设站的区域 {n} 个", "{n} zones where no station may stand"),
    "gates": Text("出入口 {n} 个", "{n} gates"),
    "path_km": Text("步行道路 {n} 公里", "{n} km of paths"),
}
_LEVEL_LABELS = {"warning": Text("警告", "warning"), "assumption": Text("假定", "assumed")}


def check_study(config: PlanConfig, progress: Progress | None = None) -> CheckReport:
    """Read everything, measure every walk, plan nothing.

    Raises
    ------
    InputError
        If an input is at fault, or the objective or a constraint names what the data does not have.
    """
    study = load_study(config, progress)
    config = study.config
    walks = measure_walks(study)
    problem = SitingProblem.from_plan(study.demand, study.sites, study.needs, walks, study.grids)
    strategies(problem, config.objective.model_dump(), [rule.model_dump() for rule in config.constraints])
    given = load_what_if(config)
    if given is not None:
        stations_given(problem, given)
    notes = distinct_notes([*study.notes, *(note for costs in walks for note in costs.notes)])
    counts = {
        "demand_points": len(study.demand),
        "sites": len(study.sites),
        "grids": 0 if study.grids is None else len(study.grids.table),
        "zones": 0 if study.zones is None else len(study.zones.table),
        "gates": 0 if study.gates is None else len(study.gates.table),
        "path_km": round(float(study.network.length_m.sum()) / 1000, 1),
    }
    people = {need.group: math.fsum(study.demand.people(need.group)) for need in study.needs}
    return CheckReport(config.name, study.crs.to_string(), counts, people, notes, judged_streets(study, walks))
