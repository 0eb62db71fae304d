"""What every reader of streets returns."""

from __future__ import annotations

from typing import NamedTuple

from planner.model import Note
from planner.network.ways import Ways


class Reading(NamedTuple):
    """The ways of a file, whom to credit for them, and what was noticed."""

    ways: Ways
    attribution: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
