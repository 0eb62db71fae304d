"""What earlier runs left behind: plan.json and what-if files as they were written, and the layers beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import pyogrio

from planner.bilingual import Text, same
from planner.errors import Fault, InputError
from planner.loading.what_if import is_ids, what_if_faults

_EXPECTED = Text("planner 写出的 plan.json，或地图页面保存的试算", "a plan.json that planner wrote, or a saved what-if")
_READABLE = Text("可读的文件", "a file that can be read")
_SCHEMA = 1
_FIGURES = ("people", "covered")
_STANDARDS = ("max_walk_min", "max_walk_m")


@dataclass(frozen=True)
class PlanDocument:
    """One plan as it was written.

    Parameters
    ----------
    file : Path
    kind : str
        `run`, `audit` or `what_if`.
    content : dict
    """

    file: Path
    kind: Literal["run", "audit", "what_if"]
    content: dict[str, Any]


def read_plan_documents(paths: Sequence[str | Path]) -> tuple[PlanDocument, ...]:
    """Read plans and what-ifs; a folder stands for the plan.json in it.

    Raises
    ------
    InputError
        If a file is missing, not readable or no plan; with the faults of all files at once.
    """
    faults: list[Fault] = []
    read = [_read(Path(path), faults) for path in paths]
    if faults:
        raise InputError(Text("方案不能比较。", "The plans cannot be compared."), faults)
    return tuple(document for document in read if document is not None)


def read_plan_layers(document: PlanDocument) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers `stations`, `demand`, `grids` and `network` of the plan.gpkg beside a plan.json.

    Empty where there is no such file (what-ifs have none).

    Raises
    ------
    InputError
        If the file cannot be read or lacks a layer.
    """
    file = document.file.parent / "plan.gpkg"
    if document.kind == "what_if" or not file.is_file():
        return {}
    try:
        return {name: pyogrio.read_dataframe(file, layer=name) for name in ("stations", "demand", "grids", "network")}
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError, ValueError) as error:
        raise InputError(
            Text("方案旁的 plan.gpkg 不能读取。", "The plan.gpkg beside a plan cannot be read."),
            [Fault(str(file), same(str(error)[:200]), Text("planner 写出的 plan.gpkg", "one that planner wrote"))],
        ) from None


def _read(path: Path, faults: list[Fault]) -> PlanDocument | None:
    file = path / "plan.json" if path.is_dir() else path
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        found = Text("没有这个文件", "no such file") if missing else same(error.strerror or error)
        faults.append(Fault(str(file), found, _EXPECTED if missing else _READABLE))
        return None
    except (ValueError, RecursionError):
        faults.append(Fault(str(file), Text("不是 JSON", "no JSON"), _EXPECTED))
        return None
    is_what_if = isinstance(content, Mapping) and content.get("kind") == "what_if"
    found_faults = (what_if_faults(content, str(file)) if is_what_if else _plan_faults(content, str(file))) or list(
        _need_faults(content, str(file))
    )
    faults += found_faults
    if found_faults:
        return None
    return PlanDocument(file, "what_if" if is_what_if else content["command"], dict(content))


def _plan_faults(content: Any, called: str) -> list[Fault]:
    if not isinstance(content, Mapping) or content.get("command") not in ("run", "audit"):
        return [Fault(called, Text("不是方案", "no plan"), _EXPECTED)]
    if content.get("schema") != _SCHEMA:
        return [Fault(called, same(repr(content.get("schema"))[:60]), same(str(_SCHEMA)), column="schema")]
    solution = content.get("solution")
    if not isinstance(solution, Mapping):
        return [Fault(called, Text("缺少", "missing"), _EXPECTED, column="solution")]
    expected = Text("编号的列表", "a list of ids")
    return [
        Fault(called, same(repr(solution.get(key))[:60]), expected, column=f"solution.{key}")
        for key in ("opened", "kept")
        if not is_ids(solution.get(key))
    ]


def _need_faults(content: Mapping[str, Any], called: str) -> list[Fault]:
    needs = content.get("needs")
    if not isinstance(needs, list) or not all(isinstance(need, Mapping) for need in needs):
        return [Fault(called, same(repr(needs)[:60]), Text("需求的列表", "a list of needs"), column="needs")]
    faults = []
    for place, need in enumerate(needs):
        wrong = [key for key in _FIGURES if not _is_number(need.get(key))]
        wrong += [] if isinstance(need.get("group"), str) else ["group"]
        wrong += [] if any(_is_number(need.get(key)) for key in _STANDARDS) else ["max_walk_min"]
        faults += [
            Fault(called, same(repr(need.get(key))[:60]), _EXPECTED, column=f"needs.{place}.{key}") for key in wrong
        ]
    return faults


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
