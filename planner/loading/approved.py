"""The approved plan that a rule of `plan.toml` names: read from its plan.json, so that siting reads no file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.bilingual import Text, same
from planner.config import ConstraintConfig, PlanConfig
from planner.errors import Fault, PlanFileError

_RULE = "at_most_changes"
_PLACE = f"constraints.{_RULE}"
_EXPECTED = Text("planner run 写出的 plan.json", "a plan.json that `planner run` wrote")


def approved_paths(config: PlanConfig) -> list[tuple[str, str]]:
    """Return the files that rules name as approved plans, each with its key."""
    paths = [rule.parameters.get("plan") for rule in config.constraints if rule.name == _RULE]
    return [(f"{_PLACE}.plan", path) for path in paths if isinstance(path, str)]


def with_approved_plans(config: PlanConfig) -> PlanConfig:
    """Return the plan with what approved plans open and close in the rules that name them by `plan`.

    A file that is missing is left to `input_paths`, which names it with all others.

    Raises
    ------
    PlanFileError
        If a file is not readable or no plan, or `opened` or `closed` stand beside `plan` and say otherwise; with all
        faults at once.
    """
    faults: list[Fault] = []
    rules = tuple(_read(config, rule, faults) for rule in config.constraints)
    if faults:
        raise PlanFileError(Text("已批准的方案不能使用。", "The approved plan cannot be used."), faults)
    return config if rules == config.constraints else config.model_copy(update={"constraints": rules})


def _read(config: PlanConfig, rule: ConstraintConfig, faults: list[Fault]) -> ConstraintConfig:
    given = rule.parameters
    path = given.get("plan")
    if rule.name != _RULE or path is None:
        return rule
    if not isinstance(path, str) or not path.strip():
        faults.append(Fault(_PLACE, same(repr(path)), Text("文件路径", "the path of a file"), column="plan"))
        return rule
    file = config.resolve(path)
    if not file.is_file():
        return rule
    decided = _decided(file, path, faults)
    if decided is None:
        return rule
    faults += [
        Fault(
            _PLACE,
            Text("与 plan 并列", "beside plan"),
            Text("plan 或 opened/closed", "either plan, or opened and closed"),
            column=key,
        )
        for key in ("opened", "closed")
        if given.get(key) is not None and given[key] != decided[key]
    ]
    return ConstraintConfig.model_validate({"name": rule.name, **given, **decided})


def _decided(file: Path, path: str, faults: list[Fault]) -> dict[str, list[str]] | None:
    """Return the sites that a plan opens and closes; None where the file is none, which becomes a fault."""
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        faults.append(Fault(path, same(error.strerror or error), Text("可读的文件", "a file that can be read")))
        return None
    except (ValueError, RecursionError):
        faults.append(Fault(path, Text("不是 JSON", "no JSON"), _EXPECTED))
        return None
    solution = document.get("solution") if isinstance(document, Mapping) else None
    if not isinstance(solution, Mapping) or document.get("command") != "run":
        audited = isinstance(document, Mapping) and document.get("command") == "audit"
        found = Text("现状评估，不是方案", "an audit, no plan") if audited else Text("不是方案", "no plan")
        faults.append(Fault(path, found, _EXPECTED))
        return None
    lists = {key: solution.get(key) for key in ("opened", "closed")}
    wrong = [key for key, ids in lists.items() if not _is_ids(ids)]
    faults += [Fault(path, same(repr(lists[key])[:60]), _EXPECTED, column=f"solution.{key}") for key in wrong]
    return None if wrong else {key: [str(one) for one in ids or ()] for key, ids in lists.items()}


def _is_ids(ids: Any) -> bool:
    return isinstance(ids, list) and all(isinstance(one, (str, int)) and not isinstance(one, bool) for one in ids)
