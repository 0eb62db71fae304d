"""From a page to a PDF, printed by a Chromium of this machine: headless, by itself, without a network."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from planner.bilingual import Text
from planner.errors import Fault
from planner.report.chromium import cannot_print, find_chromium, refuse_without_chinese_fonts

#: A brief takes some seconds; a machine that swaps may take long.
TIME_LIMIT_S = 180.0
_TIME_LIMIT_OF_TRIAL_S = 60.0

#: PDFs carry the time they were made; ours do not, so that the same page gives the same bytes.
_DATE = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}([+-]\d\d'\d\d'|Z)?")
_FIXED_DATE = b"20000101000000"

_NO_NETWORK = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
)
_ALONE = (
    *("--disable-background-networking", "--disable-component-update", "--disable-default-apps"),
    *("--disable-extensions", "--disable-sync", "--no-first-run", "--no-default-browser-check"),
    *("--metrics-recording-only", "--mute-audio", "--password-store=basic", "--use-mock-keychain"),
)
#: Small shared memory, as containers have it, must not break the printing of a large picture.
_ROBUST = ("--disable-gpu", "--disable-dev-shm-usage")
_PRINTING = ("--no-pdf-header-footer", "--print-to-pdf-no-header", "--generate-pdf-document-outline")


def refuse_unprintable() -> None:
    """Refuse, before any work is done for it, a machine that cannot print: a line of text is printed for trial.

    Raises
    ------
    InputError
        If there is no Chromium or no Chinese font, or what there is does not print.
    """
    find_chromium()
    refuse_without_chinese_fonts()
    with tempfile.TemporaryDirectory(prefix="planner-pdf-") as folder:
        page = Path(folder, "trial.html")
        page.write_text('<!doctype html><meta charset="utf-8"><title>驿站</title><p>驿站', encoding="utf-8")
        write_pdf(page, Path(folder, "trial.pdf"), _TIME_LIMIT_OF_TRIAL_S)


def write_pdf(html_file: str | Path, pdf_file: str | Path, time_limit_s: float = TIME_LIMIT_S) -> Path:
    """Print a page to a PDF; whole or not at all. Paper and margins are those that the page's own `@page` asks for.

    Parameters
    ----------
    html_file : path
        A page that needs nothing else: no network, no other files.
    pdf_file : path
        Replaced if it exists.
    time_limit_s : float
        Seconds after which the printing is given up.

    Returns
    -------
    Path
        The PDF. The same page printed by the same program gives the same bytes.

    Raises
    ------
    InputError
        If no Chromium is found, or it does not print.
    """
    chromium, target = find_chromium(), Path(pdf_file)
    with tempfile.TemporaryDirectory(prefix="planner-pdf-", ignore_cleanup_errors=True) as folder:
        page, printed = Path(folder, "page.html"), Path(folder, "page.pdf")
        shutil.copyfile(html_file, page)
        _print(chromium, page, printed, Path(folder, "profile"), time_limit_s)
        content = _DATE.sub(rb"\g<1>" + _FIXED_DATE + rb"\g<2>", printed.read_bytes())
    part = target.with_name(target.name + ".part")
    try:
        part.write_bytes(content)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return target


def _print(chromium: Path, page: Path, printed: Path, profile: Path, time_limit_s: float) -> None:
    command = [str(chromium), "--headless", f"--user-data-dir={profile}", *_NO_NETWORK, *_ALONE, *_ROBUST, *_PRINTING]
    command += ["--no-sandbox"] if _is_root() else []
    command += [f"--print-to-pdf={printed}", page.as_uri()]
    nothing = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True) as running:
        try:
            running.wait(time_limit_s)
        except subprocess.TimeoutExpired:
            took = Text("{s} 秒内没有打印完", "it did not print within {s} s").format(s=f"{time_limit_s:.0f}")
            raise cannot_print([_fault(chromium, took)]) from None
        finally:
            _end(running)
    if not _is_whole(printed):
        failed = Text("它没有打印出文件（退出码 {code}）", "it printed nothing (exit code {code})")
        raise cannot_print([_fault(chromium, failed.format(code=running.returncode))])


def _fault(chromium: Path, found: Text) -> Fault:
    return Fault(str(chromium), found, Text("能无界面打印网页的浏览器", "a browser that prints pages without a window"))


def _is_whole(printed: Path) -> bool:
    if not printed.is_file():
        return False
    content = printed.read_bytes()
    return content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")


def _is_root() -> bool:
    """Return whether the sandbox must be left off: Chromium refuses to start in it as root, and only then."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _end(running: subprocess.Popen[bytes]) -> None:
    """End the program with all that it started."""
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(running.pid, signal.SIGKILL)
    elif running.poll() is None:
        running.kill()
