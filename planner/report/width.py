"""How wide words are in a terminal or a spreadsheet: Chinese characters count double."""

from __future__ import annotations

import unicodedata
from functools import cache


def display_width(words: str) -> int:
    """Return the width of a text in half-width characters.

    Examples
    --------
    >>> display_width("驿站 s1")
    7
    """
    return sum(_character_width(character) for character in words)


def pad(words: str, width: int, right: bool = False) -> str:
    """Return a text filled with spaces to a display width.

    Examples
    --------
    >>> pad("驿站", 6) + "|", pad("12", 4, right=True)
    ('驿站  |', '  12')
    """
    space = " " * max(0, width - display_width(words))
    return space + words if right else words + space


def shorten(words: str, width: int) -> str:
    """Return a text cut to a display width, the cut marked.

    Examples
    --------
    >>> shorten("江景苑南门驿站", 9), shorten("Riverside", 9)
    ('江景苑南…', 'Riverside')
    """
    if display_width(words) <= width:
        return words
    kept = ""
    for character in words:
        if display_width(kept + character) > width - 1:
            break
        kept += character
    return kept + "…"


@cache
def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
