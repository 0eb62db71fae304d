"""What is said about proposals wherever they are shown."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd

from planner.bilingual import Text
from planner.config import ProposalsConfig
from planner.model import Note
from planner.model.figures import people
from planner.model.labels import group_label
from planner.proposals.uncovered import Uncovered

_MADE = Text(
    "本方案提出 {n} 个建议点（{where}）：从 {places} 处可用位置中按步行时间选出，使现有驿站未覆盖的{reached}能够到达。"
    "位置未经任何人核实，是否有房、可否使用须现场踏勘。",
    "{n} sites are proposals of the planner ({where}), chosen by walking among {places} possible places, so that "
    "{reached} who are beyond the standard today would reach one. Nobody has checked these places: whether there are "
    "rooms and whether they can be had needs a visit.",
)
_AT_BUILDINGS = Text("{n} 个在建筑处", "{n} at buildings")
_ON_PATHS = Text("{n} 个在道路旁", "{n} beside paths")
_REACHED = Text("{group} {n} 人", "{n} of “{group}”")
_FEWER = Text(
    "要求 {asked} 个建议点，只找到 {n} 个：没有其他位置能新增覆盖至少 {least} 人，或离已有的点不足 {apart} 米。",
    "{asked} proposals were asked for and {n} found: no other place adds {least} people or more, or stands "
    "{apart} m from the sites that there are.",
)
_NOTHING = Text(
    "现有驿站已覆盖所有人，没有提出建议点。",
    "The stations of today reach everybody: nothing is proposed.",
)
_NO_COST = Text(
    "建议点没有造价，投入合计不含建议点。",
    "What proposals cost is not known; the totals leave them out.",
)
_COST = Text(
    "每个建议点的造价按 {zh} 万元假定（方案文件）。",
    "Each proposal is assumed to cost CNY {en} (plan file).",
)


def notes_on(
    settings: ProposalsConfig,
    left: Sequence[Uncovered],
    asked: int = 0,
    places: int = 0,
    by_need: Sequence[float] = (),
    table: gpd.GeoDataFrame | None = None,
) -> tuple[Note, ...]:
    """Return what was proposed, from what, and that nobody has checked it; or that there is nothing to propose.

    Parameters
    ----------
    settings : ProposalsConfig
    left : sequence of Uncovered
        One for each need.
    asked : int
        Proposals asked for.
    places : int
        Possible places that they were chosen from.
    by_need : sequence of float
        People of each need whom the proposals reach.
    table : GeoDataFrame, optional
        The proposals.
    """
    if not any(len(part.position) for part in left):
        return (Note("proposals.none_needed", "assumption", _NOTHING),)
    count = 0 if table is None else len(table)
    fewer = _fewer(settings, asked, count) if count < asked else ()
    if table is None or not count:
        return fewer
    on_paths = int((table["proposed_at"] == "path").sum())
    parts = [(_AT_BUILDINGS, count - on_paths), (_ON_PATHS, on_paths)]
    where = _listed([words.format(n=n) for words, n in parts if n])
    reached = [
        _REACHED.format(group=group_label(part.need.group), n=people(n))
        for part, n in zip(left, by_need, strict=True)
        if n > 0
    ]
    made = _MADE.format(n=count, where=where, places=f"{places:,}", reached=_listed(reached))
    return (Note("proposals.made", "warning", made, tuple(table.index)), *fewer, _cost(settings))


def _fewer(settings: ProposalsConfig, asked: int, count: int) -> tuple[Note, ...]:
    words = _FEWER.format(asked=asked, n=count, least=f"{settings.min_people:g}", apart=f"{settings.min_apart_m:g}")
    return (Note("proposals.fewer", "warning", words),)


def _cost(settings: ProposalsConfig) -> Note:
    if settings.cost_cny is None:
        return Note("proposals.no_cost", "assumption", _NO_COST)
    words = _COST.format(zh=f"{settings.cost_cny / 10_000:,g}", en=f"{settings.cost_cny:,.0f}")
    return Note("proposals.cost_assumed", "assumption", words)


def _listed(parts: Sequence[Text]) -> Text:
    return Text("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))
