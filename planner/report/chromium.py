"""A Chromium on this machine: Chromium, Chrome or Edge, asked for only where a page is to be printed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from planner.bilingual import Text, same
from planner.errors import Fault, InputError

#: The user's own choice, before all others.
ASKED_FOR = "PLANNER_CHROMIUM"
_ON_PATH = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("msedge", "microsoft-edge", "microsoft-edge-stable"),
)
_ON_WINDOWS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
_ON_MAC = ("Google Chrome", "Chromium", "Microsoft Edge")

_BY_HAND = Text(
    "不加 --pdf 运行，再用浏览器打开 brief.html，选“打印”“另存为 PDF”（A4 纵向，勾选“背景图形”），结果相同。",
    "Run without --pdf, open brief.html in a browser and print it to PDF (A4 portrait, background graphics on): "
    "the result is the same.",
)


def find_chromium() -> Path:
    """Return the program that prints: `$PLANNER_CHROMIUM`, else the first found on PATH and in the usual places.

    Raises
    ------
    InputError
        If there is none, or `$PLANNER_CHROMIUM` names none.
    """
    asked = os.environ.get(ASKED_FOR)
    if asked:
        found = shutil.which(asked)
        if found is None:
            expected = Text("可执行的 Chromium、Chrome 或 Edge", "a program: Chromium, Chrome or Edge")
            raise cannot_print([Fault(f"${ASKED_FOR}", same(asked), expected)])
        return Path(found)
    on_path = (shutil.which(name) for name in _ON_PATH)
    found = next(
        (path for path in (*on_path, *map(str, _usual_places(os.environ))) if path and _is_program(path)), None
    )
    if found is None:
        here = Text("没有找到 Chromium、Chrome 或 Edge", "no Chromium, Chrome or Edge was found")
        there = Text("安装其中之一，或用环境变量 {name} 指明它的位置", "one of them installed, or its place in {name}")
        raise cannot_print([Fault("--pdf", here, there.format(name=f"${ASKED_FOR}"))])
    return Path(found)


def refuse_without_chinese_fonts() -> None:
    """Refuse a machine that could print only empty boxes for Chinese characters; asked where fontconfig knows.

    Raises
    ------
    InputError
        If no font with Chinese characters is installed.
    """
    lister = shutil.which("fc-list") if sys.platform.startswith("linux") else None
    if lister is None:
        return
    try:
        told = subprocess.run([lister, ":lang=zh"], capture_output=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return
    if not told.strip():
        here = Text("这台机器没有中文字体", "this machine has no Chinese font")
        there = Text("一种中文字体，如 Noto Sans CJK", "a Chinese font, for example Noto Sans CJK")
        raise cannot_print([Fault("--pdf", here, there)])


def cannot_print(faults: list[Fault]) -> InputError:
    """Return the refusal, with the way to the same result by hand."""
    return InputError(
        Text("无法生成 PDF。{by_hand}", "The PDF cannot be made. {by_hand}").format(by_hand=_BY_HAND), faults
    )


def _usual_places(environment: Mapping[str, str]) -> Iterator[Path]:
    for folder in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if folder in environment:
            yield from (Path(environment[folder], place) for place in _ON_WINDOWS)
    for root in (Path("/"), Path.home()):
        yield from (root / "Applications" / f"{name}.app" / "Contents" / "MacOS" / name for name in _ON_MAC)


def _is_program(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)
