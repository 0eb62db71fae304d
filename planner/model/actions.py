"""What a plan does with a site beside opening it: expand, merge, move, share, close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


#: Beside opening and closing: what a reader is told of by itself.
REBUILDING = ("expand", "merge", "move", "share")

_OF_THE_NEW: Mapping[str, Text] = {
    "expand": Text("扩建{others}", "expands {others}"),
    "merge": Text("合并{others}", "merges {others}"),
    "move": Text("由{others}迁来", "{others} moves here"),
    "share": Text("在共享场所设站，替代{others}", "in a shared venue, replaces {others}"),
}
_OF_THE_OLD: Mapping[str, Text] = {
    "expand": Text("扩建为{others}", "expanded into {others}"),
    "merge": Text("并入{others}", "merged into {others}"),
    "move": Text("迁至{others}", "moved to {others}"),
    "share": Text("迁入共享场所{others}", "moved into the shared venue {others}"),
}


def by_site(actions: Iterable[Action]) -> dict[str, Action]:
    """Return the action of each site concerned: of what is opened, and of each station that it replaces."""
    return {str(site): action for action in actions for site in (*action.replaces, action.site)}


def told(action: Action, site: str, names: Mapping[str, object]) -> Text | None:
    """Return in words what an action makes of a site; None where that is plain opening or closing.

    Parameters
    ----------
    action : Action
    site : str
        What is opened, or one of the stations that it replaces.
    names : mapping
        Of every site, by id.

    Examples
    --------
    >>> merged = Action("merge", "a", ("s1", "s2"), 0.0)
    >>> names = {"a": "新站", "s1": "东站", "s2": "西站"}
    >>> told(merged, "a", names).zh, told(merged, "s1", names).en
    ('合并「东站」「西站」', 'merged into “新站”')
    """
    is_new = site == str(action.site)
    others = [str(names[str(other)]) for other in (action.replaces if is_new else (action.site,))]
    if is_new and not others:
        return Text("在共享场所设站", "in a shared venue") if action.action == "share" else None
    listed = Text("".join(f"「{name}」" for name in others), ", ".join(f"“{name}”" for name in others))
    words = (_OF_THE_NEW if is_new else _OF_THE_OLD).get(action.action)
    return None if words is None else words.format(others=listed)


def action_label(action: str) -> Text:
    """Return what an action is called.

    Examples
    --------
    >>> action_label("merge").zh
    '合并'
    """
    return ACTION_LABELS.get(action, same(action))
