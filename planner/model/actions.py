"""What a plan does with a site beside opening it: expand, merge, move, share, close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from planner.bilingual import Text, same

ActionKind = Literal["open", "expand", "merge", "move", "share", "close"]

#: What a row of the sites' table may be; `close` needs no row.
ACTIONS: tuple[ActionKind, ...] = ("open", "expand", "merge", "move", "share")

ACTION_LABELS: Mapping[str, Text] = {
    "open": Text("新建启用", "open"),
    "expand": Text("扩建", "expand"),
    "merge": Text("合并", "merge"),
    "move": Text("迁建", "move"),
    "share": Text("共享场所", "share"),
    "close": Text("关停", "close"),
}


@dataclass(frozen=True)
class Action:
    """One thing that a plan does.

    Parameters
    ----------
    action : str
        `open`, `expand`, `merge`, `move`, `share` or `close`.
    site : id
        The site that is opened; for `close` the station that is closed and that nothing replaces.
    replaces : tuple of ids
        The stations of today that it replaces, in order of id.
    cost_cny : float or None
        What opening the site costs, and closing what it replaces; None where that is not known. The actions of a plan
        add up to its cost.
    """

    action: ActionKind
    site: Any
    replaces: tuple[Any, ...]
    cost_cny: float | None


def action_label(action: str) -> Text:
    """Return what an action is called.

    Examples
    --------
    >>> action_label("merge").zh
    '合并'
    """
    return ACTION_LABELS.get(action, same(action))
