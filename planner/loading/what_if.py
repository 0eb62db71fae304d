"""The stations of a what-if: from a file that the map page saved, or from the lists of the plan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.bilingual import Text, same
from planner.config import PlanConfig
from planner.errors import Fault, InputError
from planner.model import GivenStations

WHAT_IF_SCHEMA = 1
_EXPECTED = Text("地图页面保存的试算文件", "a what-if file that the map page saved")


def load_what_if(config: PlanConfig) -> GivenStations | None:
    """Return the stations that `[what_if]` gives; None where the plan has no such section.

    Raises
    ------
    InputError
        If the file is no what-if; with every fault at once. A file that is missing is left to `input_paths`.
    """
    given = config.what_if
    if given is None:
        return None
    if given.link is not None:
        opens, closes = given.linked
        return GivenStations(opens=opens, closes=closes, from_plan=True, source="what_if.link")
    if given.path is None:
        return GivenStations(opens=given.open, closes=given.closed)
    file = config.resolve(given.path)
    if not file.is_file():
        return None
    document = read_what_if(file, given.path)
    plan = document.get("plan")
    made_on = plan if isinstance(plan, Mapping) else {}
    return GivenStations(
        open_sites=tuple(map(str, document["open"])),
        name=_words(document.get("name")),
        plan_name=_words(made_on.get("name")),
        plan_fingerprint=_words(made_on.get("fingerprint")),
        source=given.path,
    )


def read_what_if(file: Path, called: str) -> dict[str, Any]:
    """Read a what-if file.

    Parameters
    ----------
    file : path
    called : str
        What faults call it.

    Raises
    ------
    InputError
        With every fault at once.
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _refused([Fault(called, same(error.strerror or error), _READABLE)]) from None
    except (ValueError, RecursionError):
        raise _refused([Fault(called, Text("不是 JSON", "no JSON"), _EXPECTED)]) from None
    faults = what_if_faults(document, called)
    if faults:
        raise _refused(faults)
    return dict(document)


_READABLE = Text("可读的文件", "a file that can be read")


def what_if_faults(document: Any, called: str) -> list[Fault]:
    """Return everything that is wrong with the content of a what-if file."""
    if not isinstance(document, Mapping) or document.get("kind") != "what_if":
        return [Fault(called, Text("不是试算", "no what-if"), _EXPECTED)]
    if document.get("schema") != WHAT_IF_SCHEMA:
        return [Fault(called, same(repr(document.get("schema"))[:60]), same(str(WHAT_IF_SCHEMA)), column="schema")]
    lists = {key: document.get(key, None if key == "open" else []) for key in ("open", "opened", "closed")}
    ids_expected = Text("编号的列表", "a list of ids")
    faults = [
        Fault(called, same(repr(ids)[:60]), ids_expected, column=key) for key, ids in lists.items() if not is_ids(ids)
    ]
    if faults:
        return faults
    stands = {str(one) for one in lists["open"] or ()}
    missing = sorted({str(one) for one in lists["opened"] or ()} - stands)
    both = sorted({str(one) for one in lists["closed"] or ()} & stands)
    expected = Text("与 open 一致", "what agrees with open")
    faults += [Fault(called, same(one), expected, column="opened") for one in missing]
    faults += [Fault(called, same(one), expected, column="closed") for one in both]
    return faults


def is_ids(ids: Any) -> bool:
    """Whether something is a list of ids: words or whole numbers."""
    return isinstance(ids, list) and all(isinstance(one, (str, int)) and not isinstance(one, bool) for one in ids)


def _words(given: Any) -> str | None:
    return str(given) if isinstance(given, (str, int)) and str(given).strip() else None


def _refused(faults: list[Fault]) -> InputError:
    return InputError(Text("试算文件不能使用。", "The what-if file cannot be used."), faults)
