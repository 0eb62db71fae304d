"""A real browser without a network: pages are opened from a file, and whatever they ask for is recorded and refused.

Every test may take the fixtures; a module that does marks itself::

    pytestmark = pytest.mark.browser

    def test_the_page_asks_for_nothing(open_offline):
        opened = open_offline("<!doctype html>...")
        assert opened.requests == []
        assert opened.complaints == []
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")


@dataclass
class OpenedPage:
    """A page, what it asked the network for, and what it complained about on its console."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


OpenOffline = Callable[..., OpenedPage]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return one Chromium for all tests; skip where it is not installed, and fail in CI."""
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is not here"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_offline(browser: Any, tmp_path: Path) -> Iterator[OpenOffline]:
    """Return a function that opens HTML text (or a file) with the network cut off."""
    contexts: list[Any] = []

    def open_page(html: str | Path, width: int = 1280, height: int = 800, **options: Any) -> OpenedPage:
        file = html if isinstance(html, Path) else tmp_path / f"page{len(contexts)}.html"
        if isinstance(html, str):
            file.write_text(html, encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True, **options)
        contexts.append(context)
        opened = OpenedPage(context.new_page())
        _listen(context, opened, file.as_uri())
        opened.page.goto(file.as_uri())
        return opened

    yield open_page
    for context in contexts:
        context.close()


def _listen(context: Any, opened: OpenedPage, own_address: str) -> None:
    def decide(route: Any) -> None:
        address = route.request.url.partition("#")[0]
        if address == own_address:
            route.continue_()
            return
        opened.requests.append(address)
        route.abort()

    context.route("**/*", decide)
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.on(
        "console",
        lambda message: opened.complaints.append(message.text) if message.type in ("error", "warning") else None,
    )
