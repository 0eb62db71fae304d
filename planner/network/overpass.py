"""OSMnx with settings of our own: its settings are global, so they are set for one download and then restored."""

from __future__ import annotations

import os
import socket
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

from planner.bilingual import Text, same
from planner.errors import Fault, FetchError
from planner.network.tags import NODE_KEYS, RULES, WAY_KEYS, Rule, Verdict

#: Names the server that finds places, where OpenStreetMap's own cannot be reached.
NOMINATIM_VARIABLE = "PLANNER_NOMINATIM_URL"

# Chosen: how often a busy server is asked, and how long it is left alone in between.
ATTEMPTS = 3
PAUSE_S = 20.0
TIMEOUT_S = 180

_BUSY = (429, 502, 503, 504)

Answer = TypeVar("Answer")


class ServerBusyError(Exception):
    """The server asked to be left alone for a while."""


def street_filter() -> str:
    """Return the Overpass filter of ways that may be walked.

    It leaves out only what the table of tags leaves out whatever else is said; private ways stay in.

    Examples
    --------
    >>> "private" in street_filter()
    False
    """
    return '["highway"]' + "".join(f'["{rule.key}"!~"^({"|".join(rule.values)})$"]' for rule in _never_walked())


def _never_walked() -> Iterator[Rule]:
    """Yield the rules before the first that lets a way in."""
    for rule in RULES:
        if rule.verdict is not Verdict.OUT:
            return
        yield rule


def api_url(endpoint: str) -> str:
    """Return the base address OSMnx wants for an Overpass server, however its address was written.

    Examples
    --------
    >>> api_url("https://overpass.example/api/interpreter"), api_url("http://localhost:8080")
    ('https://overpass.example/api', 'http://localhost:8080/api')
    """
    parts = urlsplit(endpoint.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise FetchError(
            Text("Overpass 服务器地址有误。", "The address of the Overpass server is at fault."),
            [Fault("--endpoint", same(endpoint), same("https://…/api"))],
        )
    path = parts.path.rstrip("/").removesuffix("/interpreter") or "/api"
    return f"{parts.scheme}://{parts.netloc}{path}"


@contextmanager
def osmnx_settings(endpoint: str | None, answered: list[Any]) -> Iterator[Any]:
    """Lend OSMnx with our settings, and put everything back afterwards.

    Parameters
    ----------
    endpoint : str, optional
        Another Overpass server.
    answered : list
        Every answer of the server for places is appended here.
    """
    import osmnx

    ours: dict[str, Any] = {
        "use_cache": False,
        "log_console": False,
        "doh_url_template": None,
        "overpass_rate_limit": False,  # it waits a minute where a server has no status page; busy servers say so anyway
        "requests_timeout": TIMEOUT_S,
        "requests_kwargs": {"hooks": {"response": _inspect(answered)}},
        "useful_tags_way": sorted(WAY_KEYS | {"name", "oneway", "junction", "bridge", "tunnel", "area"}),
        "useful_tags_node": sorted(NODE_KEYS),
    }
    if endpoint is not None:
        ours["overpass_url"] = api_url(endpoint)
    if os.environ.get(NOMINATIM_VARIABLE):
        ours["nominatim_url"] = os.environ[NOMINATIM_VARIABLE].rstrip("/") + "/"
    theirs = {name: getattr(osmnx.settings, name) for name in ours}
    resolve = socket.getaddrinfo  # OSMnx replaces it
    try:
        for name, value in ours.items():
            setattr(osmnx.settings, name, value)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that a large area takes several requests
            yield osmnx
    finally:
        socket.getaddrinfo = resolve
        for name, value in theirs.items():
            setattr(osmnx.settings, name, value)


def _inspect(answered: list[Any]) -> Callable[..., None]:
    """Return a hook that sees every answer before OSMnx does, which would wait and ask again without end."""

    def inspect(response: Any, *_: Any, **__: Any) -> None:
        if response.status_code in _BUSY:
            raise ServerBusyError(f"{response.status_code} {response.reason}")
        if response.status_code >= 400:
            raise _refused(f"{response.status_code} {response.reason}")
        if "/search" in response.url:
            answered.append(_as_json(response))
            return
        content = _as_json(response)
        if not isinstance(content, dict) or "elements" not in content:
            raise _refused(_opening(response))
        if "error" in str(content.get("remark", "")).lower():
            raise _refused(str(content["remark"]))

    return inspect


def _as_json(response: Any) -> Any:
    try:
        return response.json()
    except ValueError:
        raise _refused(_opening(response)) from None


def _opening(response: Any) -> str:
    return " ".join(response.text.split())[:120] or "(empty)"


def _refused(words: str) -> FetchError:
    return FetchError(
        Text("地图服务器没有给出可用的数据。", "The map server gave no usable answer."),
        [Fault("OpenStreetMap", same(words), Text("路网数据", "map data"))],
    )


def patiently(ask: Callable[[], Answer], pause: Callable[[float], None]) -> Answer:
    """Ask, and ask again a few times where the server is busy.

    Raises
    ------
    FetchError
        If the server cannot be reached, stays busy, or answers with something else than map data.
    """
    import requests

    for attempt in range(1, ATTEMPTS + 1):
        try:
            return ask()
        except ServerBusyError as busy:
            if attempt == ATTEMPTS:
                raise FetchError(
                    Text(
                        "地图服务器繁忙，请稍后再试，或用 --endpoint 换一个服务器。",
                        "The map server is busy. Try later, or name another server with --endpoint.",
                    ),
                    [Fault("OpenStreetMap", same(busy), Text("有空闲的服务器", "a server with time"))],
                ) from None
            pause(PAUSE_S * attempt)
        except requests.exceptions.RequestException as error:
            raise FetchError(
                Text(
                    "无法连接地图服务器。请检查网络，或用 --endpoint 换一个服务器，或改用已有的路网文件。",
                    "The map server cannot be reached. Check the network, name another server with --endpoint, or use "
                    "a file of streets you have.",
                ),
                [Fault("OpenStreetMap", same(_first_words(error)), Text("可连接的服务器", "a server that answers"))],
            ) from None
    raise AssertionError("the last attempt returns or raises")


def _first_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:160]
