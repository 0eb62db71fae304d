"""What a comparison leaves behind: a page, a workbook, a machine-readable result, a map, a short answer."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from planner.bilingual import Language, Text
from planner.comparing.comparing import Comparison
from planner.comparing.map_data import comparison_map_data
from planner.comparing.page import compare_page, title_of
from planner.comparing.side import Side, figure
from planner.comparing.table import Cell, Table
from planner.comparing.tables import tables_of
from planner.mapping import comparison_page
from planner.report import SheetWriter, number, write_files, write_pdf
from planner.report.width import display_width, pad

SCHEMA = 1
#: Workbooks carry the time they were made; ours do not, so that the same plans give the same bytes.
_FIXED_DATE = datetime(2000, 1, 1)
_FORMATS = {"people": "#,##0", "count": "#,##0.##", "share": "0.0%", "minutes": "0.0", "money": "#,##0"}
_MOST_SENTENCES = 8


def write_comparison(
    comparison: Comparison, out: str | Path, language: Language = "zh", *, pdf: bool = False
) -> tuple[Path, ...]:
    """Write `compare.html`, `compare.xlsx`, `compare.json` and, where two can be drawn, `map.html`: all or none.

    Parameters
    ----------
    comparison : Comparison
    out : path
        The folder; made if need be.
    language : str
        The language shown first.
    pdf : bool
        Print the page too, to `compare.pdf`, when the others are written. A `compare.pdf` of an earlier comparison goes
        in any case.

    Raises
    ------
    InputError
        If the folder cannot be written, or the page is to be printed and no Chromium prints it.
    """
    writers: dict[str, Callable[[Path], object]] = {
        "compare.html": lambda file: file.write_text(compare_page(comparison, language), encoding="utf-8"),
        "compare.xlsx": lambda file: _write_workbook(comparison, file, language),
        "compare.json": lambda file: file.write_text(
            json.dumps(comparison_json(comparison), ensure_ascii=False, indent=2, allow_nan=False) + "\n",
            encoding="utf-8",
        ),
    }
    data = comparison_map_data(comparison)
    if data is not None:
        title = title_of(comparison)
        writers["map.html"] = lambda file: file.write_text(comparison_page(data, title, language), encoding="utf-8")
    outdated = ("compare.pdf",) if "map.html" in writers else ("compare.pdf", "map.html")
    folder = Path(out)
    written = write_files(folder, writers, outdated)
    return (*written, write_pdf(folder / "compare.html", folder / "compare.pdf")) if pdf else written


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison for machines."""
    return {
        "schema": SCHEMA,
        "kind": "comparison",
        "headline": _text(comparison.headline),
        "warnings": [_text(words) for words in comparison.warnings],
        "plans": [_plan(side) for side in comparison.sides],
        "needs": [_need(comparison, place) for place in range(len(comparison.needs))],
        "stations": [
            {
                "id": site,
                "name": comparison.site_name(site),
                "open_in": [side.letter for side in comparison.sides if site in side.open_sites],
                "decisions": {side.letter: side.decisions.get(site) for side in comparison.sides},
            }
            for site in sorted({site for side in comparison.sides for site in side.decisions})
        ],
        "assumptions": [
            {"what": _text(row[0].words), "values": [_text(cell.words) for cell in row[1:]]}
            for table in tables_of(comparison)
            if table.key == "assumptions"
            for row in table.rows
        ],
    }


def comparison_text(comparison: Comparison, language: Language, files: Sequence[Path] = ()) -> str:
    """Return the answer as lines for a terminal."""
    lines = [title_of(comparison).in_language(language), comparison.headline.in_language(language), ""]
    mark = Text("注意：", "Warning: ").in_language(language)
    lines += [mark + words.in_language(language) for words in comparison.warnings[:_MOST_SENTENCES]]
    for table in tables_of(comparison)[:2]:
        lines += _aligned(table, language)
    lines += [side.undrawn.in_language(language) for side in comparison.sides if side.undrawn is not None]
    if files:
        words = Text("已写入 {folder}：{names}", "Written to {folder}: {names}")
        names = ", ".join(file.name for file in files)
        lines.append(words.format(folder=files[0].parent, names=names).in_language(language))
    return "\n".join("".join(one if one.isprintable() else " " for one in line) for line in lines)


def _aligned(table: Table, language: Language) -> list[str]:
    rows = [[words.in_language(language) for words in table.head]]
    rows += [[cell.words.in_language(language) for cell in row] for row in table.rows]
    widths = [max(display_width(row[place]) for row in rows) for place in range(len(table.head))]
    return [
        *("  ".join(pad(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows),
        "",
    ]


def _plan(side: Side) -> dict[str, Any]:
    told = side.solution
    return {
        "letter": side.letter,
        "name": side.name,
        "study": side.study,
        "file": side.document.file.as_posix(),
        "kind": side.document.kind,
        "drawn": side.undrawn is None,
        "solution": {
            **{key: told.get(key) for key in ("status", "stopped", "objective_name")},
            **{key: _number(figure(told.get(key))) for key in ("objective", "bound", "gap", "cost_cny")},
            **{
                key: sorted(site for site, made in side.decisions.items() if made == key)
                for key in ("opened", "kept", "closed")
            },
        },
    }


def _need(comparison: Comparison, place: int) -> dict[str, Any]:
    key = comparison.needs[place]
    group, walker, standard, function, direction, _ = key
    amount, _, unit = standard.partition(" ")
    return {
        "group": group,
        "walker": walker,
        ("max_walk_min" if unit == "min" else "max_walk_m"): number(float(amount)),
        "function": function,
        "direction": direction,
        "plans": [_figures(comparison, side, place) for side in comparison.sides],
    }


_FIGURES = ("people", "covered", "share_covered", "mean_walk_min", "p95_walk_min", "unreachable")


def _figures(comparison: Comparison, side: Side, place: int) -> dict[str, Any] | None:
    key = comparison.needs[place]
    if key not in side.needs:
        return None
    told = {name: _number(figure(side.needs[key].get(name))) for name in _FIGURES}
    moved = None if side is comparison.first else comparison.moved(side, key)
    return told if moved is None else {**told, "gained": number(moved.gained), "lost": number(moved.lost)}


def _number(value: float) -> float | int | None:
    return number(value) if math.isfinite(value) else None


def _text(words: Text) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _write_workbook(comparison: Comparison, file: Path, language: Language) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(file), options) as workbook:
        title = title_of(comparison).in_language(language)
        workbook.set_properties({"title": title, "created": _FIXED_DATE})
        writer = SheetWriter(workbook, language, title)
        _write_front(writer, comparison)
        for table in tables_of(comparison):
            _write_table(writer, table)


def _write_front(writer: SheetWriter, comparison: Comparison) -> None:
    sheet = writer.add_sheet(Text("摘要", "summary"))
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, writer.say(title_of(comparison)), writer.style(bold=True, font_size=16))
    sheet.write_string(1, 0, writer.say(comparison.headline), writer.style(font_size=12, text_wrap=True))
    lines = [*comparison.warnings, *(side.undrawn for side in comparison.sides if side.undrawn is not None)]
    for row, words in enumerate(lines, start=3):
        sheet.write_string(row, 0, writer.say(words), writer.style(text_wrap=True))


def _write_table(writer: SheetWriter, table: Table) -> None:
    sheet = writer.add_sheet(_SHEETS[table.key])
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, len(table.head), 24)
    head = writer.style(bold=True, bg_color="#14466b", font_color="#ffffff", text_wrap=True)
    for place, words in enumerate(table.head):
        sheet.write_string(0, place, writer.say(words), head)
    for row, cells in enumerate(table.rows, start=1):
        for place, cell in enumerate(cells):
            _write_cell(writer, sheet, row, place, cell)
    sheet.freeze_panes(1, 1)


_SHEETS = {
    "needs": Text("覆盖结果", "coverage"),
    "costs": Text("投入与可信程度", "cost and proof"),
    "stations": Text("站点异同", "stations"),
    "assumptions": Text("不同的假设", "assumptions"),
}


def _write_cell(writer: SheetWriter, sheet: Any, row: int, place: int, cell: Cell) -> None:
    if cell.value is None:
        sheet.write_string(row, place, writer.say(cell.words), writer.style(text_wrap=True))
    else:
        sheet.write_number(row, place, cell.value, writer.style(num_format=_FORMATS[cell.kind], align="right"))
