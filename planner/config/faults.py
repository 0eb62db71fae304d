"""What pydantic finds wrong with a plan file, in the words of the plan file."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from planner.bilingual import Text, same
from planner.config.sections import PlanConfig
from planner.config.toml_lines import line_of
from planner.errors import Fault

_NUMBER = Text("一个数", "a number")
_WHOLE_NUMBER = Text("整数", "a whole number")
_TABLE = Text("一张表，如 [solver]", "a table, like [solver]")
_LIST = Text("方括号中的列表", "a list in square brackets")
_WORDS = Text("引号中的文字", "words in quotes")
_YES_OR_NO = Text("true 或 false", "true or false")

#: What each of pydantic's complaints expects; the limits are filled in.
_EXPECTED: Mapping[str, Text] = {
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": Text("有限的数", "a finite number"),
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "string_type": _WORDS,
    "string_pattern_mismatch": Text("非空的文字", "words that are not blank"),
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "dict_type": _TABLE,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "literal_error": Text("{expected}", "{expected}"),
    "greater_than": Text("大于 {gt}", "above {gt}"),
    "greater_than_equal": Text("不小于 {ge}", "{ge} or more"),
    "less_than": Text("小于 {lt}", "below {lt}"),
    "less_than_equal": Text("不大于 {le}", "{le} or less"),
    "too_short": Text("至少 {min_length} 项", "at least {min_length}"),
    "too_long": Text("至多 {max_length} 项", "at most {max_length}"),
}


def faults_of(error: ValidationError, file: Path, text: str, overridden: Collection[str]) -> list[Fault]:
    """Return every fault with the line it stands on, or `--set` where the key was set from outside the file."""
    details = error.errors()
    return [_fault(detail, file, text, overridden) for detail in details if not _is_only_shorter(detail, details)]


def _is_only_shorter(detail: Any, details: Sequence[Any]) -> bool:
    """Whether a list is called too short only because an entry of it is at fault."""
    inner = [other["loc"] for other in details if other is not detail]
    return detail["type"] == "too_short" and any(place[: len(detail["loc"])] == detail["loc"] for place in inner)


def _fault(detail: Any, file: Path, text: str, overridden: Collection[str]) -> Fault:
    place = tuple(detail["loc"])
    key = ".".join(map(str, place))
    found, expected = _found_and_expected(detail, place)
    if any(f"{key}.".startswith(f"{name}.") for name in overridden):
        return Fault("--set", found, expected, column=key)
    return Fault(str(file), found, expected, line_of(place, text), key)


def _found_and_expected(detail: Any, place: Sequence[str | int]) -> tuple[Text, Text]:
    if detail["type"] == "extra_forbidden":
        nearest = difflib.get_close_matches(str(place[-1]), _known_keys(place[:-1]), n=1, cutoff=0.0)
        return Text("未知的键", "unknown key"), same(nearest[0] if nearest else "—")
    if detail["type"] == "missing":
        return Text("缺少", "missing"), Text("必填", "required")
    if detail["type"] == "value_error":
        english, _, chinese = str(detail["ctx"]["error"]).partition("|")
        contradictory = Text("不完整或矛盾", "incomplete or contradictory")
        found = contradictory if isinstance(detail["input"], dict) else _as_written(detail["input"])
        return found, Text(chinese or english, english)
    expected = _EXPECTED.get(detail["type"], same(detail["msg"]))
    told = {name: str(value).replace(" or ", ", ").replace("'", "") for name, value in detail.get("ctx", {}).items()}
    return _as_written(detail["input"]), expected.format(**told)


def _as_written(value: object) -> Text:
    return same(json.dumps(value, ensure_ascii=False, default=str)[:80])


def _known_keys(parents: Sequence[str | int]) -> list[str]:
    model: Any = PlanConfig
    for part in parents:
        if isinstance(part, int) or model is None:
            continue
        annotation = model.model_fields[part].annotation if part in model.model_fields else None
        model = _model_in(annotation) if annotation is not None else model
    return list(model.model_fields) if model is not None else []


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found is not None:
            return found
    return None
