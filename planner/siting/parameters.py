"""A strategy is a name and its parameters: looked up in a visible list, and refused with the nearest known word."""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from numbers import Real
from typing import Any, TypeVar

import numpy as np

from planner.bilingual import Text, same
from planner.errors import Fault, PlanFileError

Strategy = TypeVar("Strategy")

#: So many known words are listed beside the nearest.
_SHOWN = 20


def chosen(kind: str, known: Sequence[type[Strategy]], given: Any) -> Strategy:
    """Return the strategy that a name, a mapping with `name`, or an object stands for.

    Parameters
    ----------
    kind : str
        Where it stands in the plan file: `objective`, `constraints`.
    known : sequence of classes
        The visible list; each a dataclass with a `name`, whose fields are the parameters.
    given : str, mapping or object

    Raises
    ------
    PlanFileError
        With all faults: an unknown name, unknown keys, unusable values.
    """
    parameters = {"name": given} if isinstance(given, str) else given
    if not isinstance(parameters, Mapping):
        if not hasattr(given, "name"):
            raise refused([Fault(kind, same(repr(given)[:80]), Text("带 name 的表", "a table with a name"))])
        own: Strategy = given
        return own
    names = {strategy.name: strategy for strategy in known}  # type: ignore[attr-defined]
    name = parameters.get("name")
    if name not in names:
        raise refused([Fault(kind, unknown(name), nearest(name, names), column="name")])
    return _made(names[name], f"{kind}.{name}", {key: value for key, value in parameters.items() if key != "name"})


def all_chosen(kind: str, known: Sequence[type[Strategy]], given: Iterable[Any]) -> tuple[Strategy, ...]:
    """Return several strategies, with the faults of all of them at once."""
    strategies: list[Strategy] = []
    faults: list[Fault] = []
    if given is None or isinstance(given, (str, Mapping)):
        expected = Text("列表，如 [{...}]", "a list, like [{...}]")
        raise refused([Fault(kind, same(repr(given)[:80]), expected)])
    for one in given:
        try:
            strategies.append(chosen(kind, known, one))
        except PlanFileError as error:
            faults += error.faults
    if faults:
        raise refused(faults)
    return tuple(strategies)


def refused(faults: Iterable[Fault]) -> PlanFileError:
    """Return the refusal of a plan's objective or constraints."""
    return PlanFileError(Text("目标或约束有误。", "The objective or the constraints are at fault."), faults)


def unknown(word: object) -> Text:
    """Return how a word that nobody knows is reported."""
    return Text("未知：{word}", "unknown: {word}").format(word=repr(word))


def require(place: str, faults: Iterable[Fault | None]) -> None:
    """Refuse a strategy whose parameters have faults."""
    found = [dataclasses.replace(fault, file=place) for fault in faults if fault is not None]
    if found:
        raise refused(found)


def count_fault(key: str, value: Any) -> Fault | None:
    """Return what is wrong with a whole number of things, if it is given."""
    if value is None or (isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value >= 0):
        return None
    return Fault("", same(repr(value)), Text("不小于 0 的整数", "a whole number of 0 or more"), column=key)


def amount_fault(key: str, value: Any) -> Fault | None:
    """Return what is wrong with an amount, if it is given."""
    number = isinstance(value, Real) and not isinstance(value, bool)
    if value is None or (number and math.isfinite(value) and value >= 0):
        return None
    return Fault("", same(repr(value)), Text("不小于 0 的数", "a number of 0 or more"), column=key)


def missing_fault(key: str, value: Any) -> Fault | None:
    """Return that a parameter must be given."""
    return Fault("", same("—"), Text("必填", "required"), column=key) if value is None else None


def choice_fault(key: str, value: Any, known: Iterable[str]) -> Fault | None:
    """Return what is wrong with one of a few words."""
    return None if value in tuple(known) else Fault("", same(repr(value)), same(" | ".join(known)), column=key)


def share_fault(key: str, value: Any) -> Fault | None:
    """Return what is wrong with a share, if it is given."""
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if value is None or (is_number and 0 <= value <= 1):
        return None
    return Fault("", same(repr(value)), Text("0 到 1 的数", "a number from 0 to 1"), column=key)


def number_fault(key: str, value: Any) -> Fault | None:
    """Return what is wrong with a number, if it is given."""
    number = isinstance(value, Real) and not isinstance(value, bool)
    usable = value is None or (number and math.isfinite(value))
    return None if usable else Fault("", same(repr(value)), Text("数字", "a number"), column=key)


def flag_fault(key: str, value: Any) -> Fault | None:
    """Return what is wrong with a yes or no."""
    return None if isinstance(value, bool) else Fault("", same(repr(value)), same("true | false"), column=key)


def _made(strategy: type[Strategy], place: str, parameters: Mapping[str, Any]) -> Strategy:
    fields = [field.name for field in dataclasses.fields(strategy)]  # type: ignore[arg-type]
    faults = [Fault(place, unknown(key), nearest(key, fields), column=key) for key in parameters if key not in fields]
    try:
        made = strategy(**{key: value for key, value in parameters.items() if key in fields})
    except PlanFileError as error:
        faults += error.faults
    if faults:
        raise refused(faults)
    return made


def nearest(word: object, known: Iterable[str]) -> Text:
    """Return the known word nearest to one that nobody knows, with the others as far as they are few."""
    choices = sorted(known)
    closest = difflib.get_close_matches(str(word), choices, n=1, cutoff=0.0)
    if not closest:
        return Text("没有参数", "no parameters")
    return Text("{nearest}（可用：{all}）", "{nearest} (known: {all})").format(
        nearest=closest[0], all=", ".join(choices[:_SHOWN]) + (", …" if len(choices) > _SHOWN else "")
    )
