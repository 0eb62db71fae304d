"""Opening hours: when a gate is open."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

DAY_MIN = 24 * 60

_ALL_DAY = frozenset({"24h", "24hours", "24小时", "24/7", "全天", "全天开放", "全天候"})
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_SPAN = re.compile(r"(\d{1,2}:\d{2})[-–—~至到](\d{1,2}:\d{2})")


def minute_of_day(clock: str) -> int:
    """Return the minutes from midnight to a time written as `HH:MM`; 24:00 is the end of the day.

    Raises
    ------
    ValueError
        If it is no time of the day.

    Examples
    --------
    >>> minute_of_day("20:30"), minute_of_day("24:00")
    (1230, 1440)
    """
    found = _CLOCK.fullmatch(unicodedata.normalize("NFKC", clock).strip())
    if found is None or int(found[2]) > 59 or (minute := 60 * int(found[1]) + int(found[2])) > DAY_MIN:
        raise ValueError(clock)
    return minute


@dataclass(frozen=True)
class OpeningHours:
    """Spans of the day in minutes from midnight, the same every day; a span that ends before it begins passes midnight.

    The opening minute is open, the closing minute is closed.
    """

    spans: tuple[tuple[int, int], ...]

    @classmethod
    def read(cls, words: str) -> OpeningHours:
        """Read hours as people write them.

        Raises
        ------
        ValueError
            If they are no hours.

        Examples
        --------
        >>> OpeningHours.read("06:00-09:00; 17:00-22:00").spans
        ((360, 540), (1020, 1320))
        >>> OpeningHours.read("22:00-06:00").holds_at(60), OpeningHours.read("24h").spans
        (True, ((0, 1440),))
        """
        plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", words)).casefold()
        if plain in _ALL_DAY:
            return cls(((0, DAY_MIN),))
        return cls(tuple(_span(part, words) for part in re.split(r"[;,、]", plain.rstrip(";"))))

    def holds_at(self, minute: int) -> bool:
        """Whether the gate is open at a minute of the day."""
        minute %= DAY_MIN
        return any(
            begin <= minute < end if begin < end else minute >= begin or minute < end for begin, end in self.spans
        )


def _span(part: str, words: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(part)
    if found is None:
        raise ValueError(words)
    begin, end = minute_of_day(found[1]), minute_of_day(found[2])
    if begin in (end, DAY_MIN):
        raise ValueError(words)
    return begin, end
