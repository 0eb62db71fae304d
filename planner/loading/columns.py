"""Which of a file's columns is which of ours."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.schema import TABLES, UNITS, Column, Kind, TableName, normalise, split_unit

#: Below a merged header cell these say only "all of it".
_ALL_OF_IT = frozenset({"合计", "总计", "小计", "总数", "人数", "数量", "total"})


@dataclass(frozen=True)
class Match:
    """A file's column that is one of ours."""

    column: Column
    header: str
    unit: str | None


@dataclass(frozen=True)
class Matches:
    """Our name -> the file's column, and what could not be settled."""

    by_name: Mapping[str, Match]
    faults: tuple[Fault, ...]

    def header(self, name: str) -> str:
        """Return the file's own name of a column; ours where the file has none."""
        return self.by_name[name].header if name in self.by_name else name


def match_columns(
    source: str,
    headers: Iterable[str],
    table: TableName,
    planned: Mapping[str, str] | None = None,
    own: Collection[str] = (),
) -> Matches:
    """Match a file's headers with our columns.

    Parameters
    ----------
    source : str
        The file, for faults.
    headers : iterable of str
    table : str
        Which table it is.
    planned : mapping, optional
        Our name -> the file's, from the plan; it wins over the dictionary.
    own : collection of str, optional
        Names of the user's own that `planned` may use beside ours.
    """
    names = list(headers)
    columns = {column.name: column for column in TABLES[table]}
    matched, faults = _match_planned(source, names, table, planned or {}, own)
    taken = {match.header for match in matched.values()}
    for column in columns.values():
        if column.name in matched:
            continue
        found = _headers_of(column, [name for name in names if name not in taken])
        if len(found) > 1:
            faults.append(_ambiguous(source, column, found))
        elif found:
            matched[column.name] = Match(column, found[0], _unit_of(found[0], column))
            taken.add(found[0])
    if "id" in columns and "id" not in matched:
        left_over = [name for name in names if name not in taken and normalise(name).endswith(("id", "编号", "代码"))]
        if len(left_over) == 1:
            matched["id"] = Match(columns["id"], left_over[0], None)
    return Matches(matched, tuple(faults))


def _match_planned(
    source: str, names: list[str], table: TableName, planned: Mapping[str, str], own: Collection[str]
) -> tuple[dict[str, Match], list[Fault]]:
    """Match the columns the plan names."""
    columns = {column.name: column for column in TABLES[table]}
    matched: dict[str, Match] = {}
    faults: list[Fault] = []
    for name, header in planned.items():
        found = _planned_header(header, names)
        if name not in own and (meant := _misspelt(name, columns)) is not None:
            faults.append(_no_such_name(source, name, meant))
        elif found is None:
            faults.append(_no_such_column(source, name, header, names))
        else:
            column = columns.get(name) or Column(name, "count" if table == "demand" else "text", same(name), ())
            matched[name] = Match(column, found, _unit_of(found, column))
    return matched, faults


def known_headers(headers: Iterable[str], wanted: Iterable[str] = ()) -> int:
    """Return how many of these words are column names."""
    asked = {normalise(name) for name in wanted}
    return sum(any(form in _dictionary() or form in asked for form in _forms(header)) for header in headers)


@lru_cache(maxsize=1)
def _dictionary() -> frozenset[str]:
    return frozenset(
        normalise(word)
        for columns in TABLES.values()
        for column in columns
        for word in (column.name, *column.synonyms, *column.fallbacks)
    )


def _headers_of(column: Column, headers: list[str]) -> list[str]:
    """Return the headers that mean a column: by its synonyms, or else by its vaguer words."""
    for words in ((column.name, *column.synonyms), column.fallbacks):
        known = {normalise(word) for word in words}
        found = [header for header in headers if known & set(_forms(header, column))]
        if found:
            return found
    return []


def _forms(header: str, column: Column | None = None) -> list[str]:
    """Return the normalised words a header may be known by: below a merged cell, joined with what stands above."""
    above, slash, below = str(header).rpartition("/")
    if not slash or "(" in unicodedata.normalize("NFKC", above):
        return _plain_forms(header, column)
    if normalise(below) in _ALL_OF_IT:
        return _plain_forms(above, column)
    if _is_group(above) and not _is_group(above + below):
        return _plain_forms(below + above, column) + _plain_forms(above + below, column)
    return [form for words in (below, below + above, above + below) for form in _plain_forms(words, column)]


def _plain_forms(words: str, column: Column | None) -> list[str]:
    kinds = [column.kind] if column else [cast(Kind, kind) for kind in UNITS]
    return [normalise(words), *(split_unit(words, kind)[0] for kind in kinds)]


@lru_cache(maxsize=256)
def _is_group(words: str) -> bool:
    from planner.schema import GROUPS

    form = normalise(words)
    return form not in {"人口", "户数", "人数"} and any(
        form in {normalise(word) for word in (group.name, *group.synonyms)} for group in GROUPS
    )


def _unit_of(header: str, column: Column) -> str | None:
    above, _, below = str(header).rpartition("/")
    return split_unit(below, column.kind)[1] or (split_unit(above, column.kind)[1] if above else None)


def _planned_header(header: str, names: list[str]) -> str | None:
    if header in names:
        return header
    close = [name for name in names if normalise(name) == normalise(header) or name.rpartition("/")[2] == header]
    return close[0] if len(close) == 1 else None


def _misspelt(name: str, columns: Mapping[str, Column]) -> str | None:
    """Return the name of ours that was probably meant; a name unlike any of ours is one of the user's own."""
    if name in columns:
        return None
    return next(iter(difflib.get_close_matches(name, columns, n=1, cutoff=0.85)), None)


def _no_such_name(source: str, name: str, meant: str) -> Fault:
    found = Text("columns 中未知的列名 {name}", "unknown name {name} in columns").format(name=name)
    return Fault(source, found, same(meant), column=f"columns.{name}")


def _no_such_column(source: str, name: str, header: str, names: list[str]) -> Fault:
    nearest = difflib.get_close_matches(header, names, n=1, cutoff=0.3)
    return Fault(
        source,
        Text("没有这一列（方案 columns.{name}）", "no such column (columns.{name} of the plan)").format(name=name),
        Text("最接近的是「{nearest}」", "nearest is “{nearest}”").format(nearest=nearest[0])
        if nearest
        else same(", ".join(names[:20])),
        column=header,
    )


def _ambiguous(source: str, column: Column, headers: list[str]) -> Fault:
    named = "、".join(f"「{header}」" for header in headers), ", ".join(f"“{header}”" for header in headers)
    return Fault(
        source,
        Text("{label}有 {n} 列：{named}", "{n} columns for the {label}: {named}").format(
            label=column.label, n=len(headers), named=Text(*named)
        ),
        Text(
            '只用一列：在方案中写 columns = {{ {name} = "{first}" }}',
            'one of them: write columns = {{ {name} = "{first}" }} in the plan',
        ).format(name=column.name, first=headers[0]),
        column=headers[0],
    )
