"""Entrances of compounds."""

from __future__ import annotations

from pyproj import CRS

from planner.bilingual import Text
from planner.config import PlanConfig
from planner.loading.layers import open_layer
from planner.loading.readers import read_raw
from planner.loading.shapes import settle_points
from planner.model import Demand, Gates, Note
from planner.schema import gates_contract


def load_gates(config: PlanConfig, crs: CRS) -> Gates | None:
    """Load gates, each with the compound it belongs to; None where the plan has no [gates].

    Raises
    ------
    TableError, CrsError
        With every fault of the file.
    """
    if config.gates is None:
        return None
    layer = open_layer(read_raw(config, config.gates), "gates", "gates", crs, config.gates.crs, config.gates.columns)
    settle_points(layer)
    layer.name_rows()
    layer.check(gates_contract())
    layer.refuse_faults()
    return Gates(layer.indexed(), tuple(layer.notes))


def check_gates(demand: Demand, gates: Gates | None) -> tuple[Note, ...]:
    """Warn of gates that belong to no home: their compound is written differently in the demand, or not at all."""
    if gates is None:
        return ()
    if "compound" not in demand.table.columns:
        words = Text(
            "{file} 没有小区列，出入口数据用不上。", "{file} has no column of compounds, so the gates cannot be used."
        ).format(file=demand.source)
        return (Note("gates.no_compounds", "warning", words),)
    unknown = sorted(
        set(gates.table["compound"].dropna().astype(str)) - set(demand.table["compound"].dropna().astype(str))
    )
    if not unknown:
        return ()
    words = Text(
        "出入口所属的 {n} 个小区在 {file} 中没有：{zh_names}。",
        "{n} compounds with gates are not in {file}: {en_names}.",
    ).format(n=len(unknown), file=demand.source, zh_names="、".join(unknown[:10]), en_names=", ".join(unknown[:10]))
    return (Note("gates.unknown_compounds", "warning", words, tuple(unknown[:5])),)
