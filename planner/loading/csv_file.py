"""CSV: UTF-8 first, then GB18030, both strictly; UTF-16 where a byte-order mark says so."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from planner.bilingual import Text, same
from planner.config import LayerConfig
from planner.errors import Fault, TableError
from planner.loading.raw import RawTable
from planner.loading.sheet import find_header, table_from_cells
from planner.model import Note

ENCODINGS = ("utf-8-sig", "gb18030")


def read_csv(path: Path, layer: LayerConfig) -> RawTable:
    """Read a CSV; Excel in Chinese writes them in GBK, which GB18030 contains."""
    content = path.read_bytes()
    words, encoding = decode(content, layer.path, layer.encoding)
    try:
        rows = list(csv.reader(io.StringIO(words, newline=""), delimiter=_delimiter(words), strict=True))
    except csv.Error as error:
        raise TableError(
            Text("{file} 不是有效的 CSV。", "{file} is not a valid CSV.").format(file=layer.path),
            [Fault(layer.path, same(error), Text("逗号分隔的文本", "comma-separated text"))],
        ) from None
    raw = table_from_cells(layer.path, rows, find_header(layer.path, rows, wanted=layer.columns.values()))
    guessed = layer.encoding is None and encoding == "gb18030"
    return RawTable(raw.source, raw.table, notes=raw.notes + (_encoding_note(layer.path),) * guessed)


def decode(content: bytes, source: str, encoding: str | None) -> tuple[str, str]:
    """Return text and the encoding it was read in.

    Raises
    ------
    TableError
        If none of the encodings fits.
    """
    marked = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ENCODINGS
    for candidate in (encoding,) if encoding else marked:
        try:
            return content.decode(candidate), candidate
        except (UnicodeDecodeError, LookupError):
            continue
    raise TableError(
        Text("{file} 的文字编码无法识别。", "The text encoding of {file} is unknown.").format(file=source),
        [
            Fault(
                source,
                Text("不是 {tried} 编码", "not {tried}").format(tried=encoding or "UTF-8 / GB18030"),
                Text("在方案文件中写明 encoding", "the key encoding in the plan file"),
                column="encoding",
            )
        ],
    )


def _encoding_note(source: str) -> Note:
    return Note(
        "table.encoding_guessed",
        "assumption",
        Text("{file} 不是 UTF-8，按 GB18030（GBK）读取。", "{file} is not UTF-8; it was read as GB18030 (GBK).").format(
            file=source
        ),
    )


def _delimiter(words: str) -> str:
    first_lines = words[:5000].splitlines()[:5]
    counts = {mark: sum(line.count(mark) for line in first_lines) for mark in ",\t;"}
    return max(counts, key=lambda mark: counts[mark])
