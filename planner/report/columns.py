"""What the columns of an output are called and mean, with the need that they belong to."""

from __future__ import annotations

import re
from dataclasses import replace

from planner.bilingual import Text
from planner.model import Need
from planner.model.labels import function_label, group_label, with_its_walk
from planner.report.column import PEOPLE, Column
from planner.report.glossary import COLUMNS

__all__ = ["COLUMNS", "Column", "describe_column", "need_label", "short_standard"]

_NUMBERED = re.compile(r"(.+)_(\d+)")


def describe_column(name: str, needs: tuple[Need, ...] = ()) -> Column:
    """Return the glossary entry of an output column, with its need where it belongs to one.

    A column that is not in the glossary counts the people of a group of the demand.

    Examples
    --------
    >>> describe_column("open_after").header.zh
    '方案开放'
    """
    if name in COLUMNS:
        return COLUMNS[name]
    numbered = _NUMBERED.fullmatch(name)
    if numbered and numbered[1] in COLUMNS and 0 < int(numbered[2]) <= len(needs):
        return _for_need(replace(COLUMNS[numbered[1]], name=name), int(numbered[2]), needs)
    meaning = Text("输入数据中该人群的人数", "people of this group in the input")
    return Column(name, group_label(name), PEOPLE, meaning, "people")


def short_standard(need: Need) -> Text:
    """Return the standard as a few characters."""
    if need.standard.in_minutes:
        return Text("{n} 分钟", "{n} min").format(n=f"{need.standard.max_walk_min:g}")
    return need.standard.label


def need_label(need: Need) -> Text:
    """Return who needs what within which standard, in a few words."""
    label = Text("{group}，{standard}", "{group}, {standard}").format(
        group=group_label(need.group), standard=short_standard(need)
    )
    label = with_its_walk(label, need)
    if need.function == "any":
        return label
    return Text("{label}，{function}", "{label}, {function}").format(
        label=label, function=function_label(need.function)
    )


def _for_need(column: Column, number: int, needs: tuple[Need, ...]) -> Column:
    need = needs[number - 1]
    whose = Text("{meaning}。需求 {k}：{need}", "{meaning}. Need {k}: {need}").format(
        meaning=column.meaning, k=number, need=need_label(need)
    )
    if len(needs) == 1:
        return replace(column, meaning=whose)
    header = Text("{header} · 需求{k}", "{header} · need {k}").format(header=column.header, k=number)
    return replace(column, header=header, meaning=whose)
