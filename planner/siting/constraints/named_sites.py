"""Sites that a rule names: ids as the problem has them, or the same words where ids were written as numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from planner.bilingual import Text, same
from planner.errors import Fault
from planner.siting.parameters import nearest, unknown
from planner.siting.problem import Mask, SitingProblem, native


def listed(given: Any) -> Any:
    """Return a list of ids as a tuple, anything else as it is."""
    is_list = isinstance(given, Iterable) and not isinstance(given, (str, bytes, dict))
    return tuple(native(one) for one in given) if is_list else given


def list_fault(key: str, given: Any, least: int = 1) -> Fault | None:
    """Return what is wrong with a list of ids that `listed` was asked for, if it is given."""
    if given is None:
        return None
    usable = isinstance(given, tuple) and all(
        isinstance(one, (str, int)) and not isinstance(one, bool) for one in given
    )
    if usable and len({str(one) for one in given}) >= least:
        return None
    expected = Text("编号的列表，至少 {n} 个", "a list of at least {n} ids").format(n=least)
    return Fault("", same(repr(list(given) if isinstance(given, tuple) else given)), expected, column=key)


def named(problem: SitingProblem, given: Iterable[Any]) -> Mask:
    """Whether each site is named, shape (sites,); unknown ids name none."""
    found = np.zeros(len(problem.site_ids), dtype=bool)
    places = _places(problem)
    found[[places[str(one)] for one in given if str(one) in places]] = True
    return found


def unknown_sites(problem: SitingProblem, given: Iterable[Any], place: str, column: str = "sites") -> Iterable[Fault]:
    """Return the ids that no site has, with the nearest known one."""
    places = _places(problem)
    for one in given:
        if str(one) not in places:
            yield Fault(place, unknown(one), nearest(one, places), column=column)


def words(given: Iterable[Any], most: int = 8) -> Text:
    """Return some ids in a sentence; of many only the first."""
    every = [str(one) for one in given]
    shown, more = every[:most], len(every) - most
    text = Text("、".join(shown), ", ".join(shown))
    return (
        text
        if more <= 0
        else Text("{ids} 等 {n} 个", "{ids} and {more} more").format(ids=text, n=len(every), more=more)
    )


def _places(problem: SitingProblem) -> dict[str, int]:
    return {str(identity): place for place, identity in enumerate(problem.site_ids)}
