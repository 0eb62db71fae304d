"""Entrances of compounds."""

from __future__ import annotations

from pyproj import CRS

from planner.config import PlanConfig
from planner.loading.layers import open_layer, settle_points
from planner.loading.readers import read_raw
from planner.model import Gates
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
