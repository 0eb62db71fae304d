"""On which line of a plan file a key stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TABLE = re.compile(r"\s*(\[\[?)([^\[\]]+)\]")

Place = tuple[str | int, ...]


def line_of(place: Sequence[str | int], text: str) -> int | None:
    r"""Return the line of a key, of a table or of an entry of a list of tables; None where it stands nowhere.

    Examples
    --------
    >>> text = "seed = 1\n[[needs]]\nweight = 1\n[[needs]]\nweight = 2"
    >>> line_of(("needs", 1, "weight"), text), line_of(("needs",), text), line_of(("solver", "gap"), text)
    (5, 2, None)
    """
    wanted, table = tuple(place), Place()
    entries: dict[Place, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = _TABLE.match(line)
        if header:
            table = _parts(header[2])
            if header[1] == "[[":
                entries[table] = entries.get(table, -1) + 1
                table = (*table, entries[table])
            if wanted in (table, table[:-1]):
                return number
        elif "=" in line and (*table, *_parts(line.partition("=")[0])) == wanted:
            return number
    return None


def _parts(dotted: str) -> Place:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
