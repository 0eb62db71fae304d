"""How the Chinese names of a page are read aloud, so that they are found by pinyin and by its initials."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import chain

from planner.plan import Plan

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
#: A longer name is found by its beginning.
LONGEST_NAME = 60


def pinyin_data(names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the commonest reading of each character, and the readings of runs in which a character is read otherwise.

    Empty where the package `pypinyin` is missing: names are then found by their characters alone.

    Examples
    --------
    >>> pinyin_data(["plain"])
    {'characters': {}, 'runs': {}}
    """
    runs = sorted(set(chain.from_iterable(_HAN.findall(name[:LONGEST_NAME]) for name in names)))
    read = _readings(runs)
    heard: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for run, syllables in read.items():
        for character, syllable in zip(run, syllables, strict=True):
            heard[character][syllable] += 1
    common = {one: min(said, key=lambda syllable: (-said[syllable], syllable)) for one, said in sorted(heard.items())}
    otherwise = {run: " ".join(said) for run, said in read.items() if said != [common[one] for one in run]}
    return {"characters": common, "runs": otherwise}


def names_of(plan: Plan) -> set[str]:
    """Return every name that the map can be searched for."""
    demand = plan.demand.table
    columns = [demand[level] for level in ("name", "compound", "community") if level in demand.columns]
    columns += [plan.sites.table["name"], *([] if plan.grids is None else [plan.grids.table["name"]])]
    return set(chain.from_iterable(column.dropna().astype(str).unique() for column in columns))


def _readings(runs: list[str]) -> dict[str, list[str]]:
    """Return the syllables of each run of Chinese characters, as many as it has characters."""
    if not runs:
        return {}
    try:
        from pypinyin import lazy_pinyin  # a quarter of a second, needed only for a page with Chinese names
    except ModuleNotFoundError:
        return {}
    read = {run: [syllable.replace("ü", "v") for syllable in lazy_pinyin(run)] for run in runs}
    return {run: syllables for run, syllables in read.items() if len(syllables) == len(run)}
