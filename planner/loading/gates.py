"""Entrances of compounds."""

from __future__ import annotations

from difflib import get_close_matches

from pyproj import CRS

from planner.bilingual import Text, same
from planner.config import PlanConfig
from planner.loading.layers import Layer, open_layer
from planner.loading.numbers import is_blank
from planner.loading.readers import read_raw
from planner.loading.shapes import settle_points
from planner.loading.yes_no import read_yes_no
from planner.model import Demand, Gates, Note, gates_at, shortened
from planner.model.opening_hours import OpeningHours
from planner.schema import gates_contract, normalise

#: Names of compounds this alike, of 1, may be spellings of one another.
NEAR_NAME = 0.6

_MAYBE = Text("{name}（是否为{near}）", "{name} ({near}?)")


def load_gates(config: PlanConfig, crs: CRS) -> Gates | None:
    """Load gates, each with the compound it belongs to, as they are at the plan's moment; None without [gates].

    Raises
    ------
    TableError, CrsError
        With every fault of the file.
    """
    section = config.gates
    if section is None:
        return None
    layer = open_layer(read_raw(config, section.as_layer()), "gates", "gates", crs, section.crs, section.columns)
    settle_points(layer)
    layer.name_rows()
    for fact in ("pedestrian", "open_to_outsiders", "closed_in_emergency"):
        layer.table[fact] = read_yes_no(layer, fact)
    _refuse_no_hours(layer)
    layer.check(gates_contract())
    layer.refuse_faults()
    table = layer.indexed().assign(open=True, admits_outsiders=True, assumed=False)
    return gates_at(Gates(table, tuple(layer.notes)), section.time, section.emergency)


def _refuse_no_hours(layer: Layer) -> None:
    if "hours" not in layer.table:
        layer.table["hours"] = None
    for row, words in layer.table["hours"].items():
        try:
            OpeningHours.read("24h" if is_blank(words) else str(words))
        except ValueError:
            expected = Text(
                "如 06:00-22:00，多段用分号隔开；或全天",
                "hours like 06:00-22:00, several apart by a semicolon; or 24h",
            )
            layer.add_fault(int(str(row)), "hours", same(str(words)[:40]), expected)


def check_gates(demand: Demand, gates: Gates | None) -> tuple[Note, ...]:
    """Warn of gates that belong to no home, and of compounds all of whose gates are closed."""
    if gates is None:
        return ()
    if "compound" not in demand.table.columns:
        words = Text(
            "{file} 没有小区列，出入口数据用不上。", "{file} has no column of compounds, so the gates cannot be used."
        ).format(file=demand.source)
        return (Note("gates.no_compounds", "warning", words),)
    lived_in = set(demand.table["compound"].dropna().astype(str))
    return _unknown(demand, lived_in, gates) + _shut_in(lived_in, gates)


def _shut_in(lived_in: set[str], gates: Gates) -> tuple[Note, ...]:
    names = sorted(lived_in & (set(gates.compounds) - set(gates.compounds[gates.open])))
    if not names:
        return ()
    words = Text(
        "{n} 个小区的出入口此时全部关闭，居民无法步行外出：{zh_names}。",
        "All gates of {n} compounds are closed at this moment, so nobody can walk out: {en_names}.",
    ).format(n=len(names), **_named(names))
    return (Note("gates.all_closed", "warning", words, tuple(names[:5])),)


def _unknown(demand: Demand, lived_in: set[str], gates: Gates) -> tuple[Note, ...]:
    unknown = sorted(set(gates.compounds) - lived_in - {""})
    if not unknown:
        return ()
    zh_names, en_names = (_with_nearest(unknown[:10], sorted(lived_in), is_zh) for is_zh in (True, False))
    words = Text(
        "出入口所属的 {n} 个小区在 {file} 中没有：{zh_names}。",
        "{n} compounds with gates are not in {file}: {en_names}.",
    ).format(n=len(unknown), file=demand.source, zh_names=zh_names, en_names=en_names)
    return (Note("gates.unknown_compounds", "warning", words, tuple(unknown[:5])),)


def _with_nearest(unknown: list[str], known: list[str], is_zh: bool) -> str:
    """Return names, each with the one that it may be a spelling of: 「金辉华府」 and 「金辉华府小区」."""
    plain = {normalise(name): name for name in known}
    near = [get_close_matches(normalise(name), plain, n=1, cutoff=NEAR_NAME) for name in unknown]
    words = [
        shortened(name)
        if not found
        else (_MAYBE.zh if is_zh else _MAYBE.en).format(name=shortened(name), near=plain[found[0]])
        for name, found in zip(unknown, near, strict=True)
    ]
    return ("、" if is_zh else ", ").join(words)


def _named(names: list[str]) -> dict[str, str]:
    shown = [shortened(name) for name in names[:10]]
    return {"zh_names": "、".join(shown), "en_names": ", ".join(shown)}
