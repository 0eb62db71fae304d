"""The command line: parses, calls, prints."""

from __future__ import annotations

import gc
import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planner.bilingual import LANGUAGES, Language, Text, same
from planner.errors import Fault, InputError, PlannerError

if TYPE_CHECKING:
    from planner.plan import Plan
    from planner.study import Progress

COMMAND_LINE_AT_FAULT = 2
INTERRUPTED = 130

#: A run is short and keeps what it makes: looking for garbage less often saves a tenth of its time.
_RARELY = (50_000, 20, 20)


def main() -> None:
    """Run the command line; every refusal becomes a message and an exit code, never a traceback."""
    gc.set_threshold(*_RARELY)
    language = _language_asked_for(sys.argv)
    try:
        commands.main(standalone_mode=False)
    except PlannerError as error:
        _stop(error.in_language(language), error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        _stop(error.format_message(), COMMAND_LINE_AT_FAULT)
    except click.ClickException as error:
        prefix = Text("命令行有误：", "The command line is at fault: ").in_language(language)
        _stop(prefix + _in_words(error.format_message()).in_language(language), COMMAND_LINE_AT_FAULT)
    except OSError as error:
        words = Text("文件无法读写：{reason}。", "A file cannot be read or written: {reason}.")
        _stop(words.format(reason=same(error)).in_language(language), COMMAND_LINE_AT_FAULT)
    except (KeyboardInterrupt, click.Abort):
        _stop(Text("已中断。", "Interrupted.").in_language(language), INTERRUPTED)


#: What the parser says, and the same in Chinese.
_PARSER_WORDS = {
    r"Missing argument '(.+)'\.": "缺少参数 {0}。",
    r"Missing option '(.+)'\.": "缺少选项 {0}。",
    r"No such command '(.+)'\.": "没有 {0} 这个命令；planner --help 列出全部命令。",
    r"No such option:? '?(-.+?)'?\..*": "没有 {0} 这个选项；加 --help 列出全部选项。",
    r"Option '(.+)' requires an argument\.": "选项 {0} 缺少取值。",
    r"Got unexpected extra arguments? \((.+)\)": "多余的参数：{0}。",
    r"Invalid value for '(.+)': '(.*)' is not one of (.+)\.": "{0} 不能是 {1}，只能是 {2} 之一。",
}


def _in_words(english: str) -> Text:
    for pattern, chinese in _PARSER_WORDS.items():
        match = re.fullmatch(pattern, english, re.DOTALL)
        if match:
            return Text(chinese.format(*match.groups()), english)
    return same(english)


def _stop(message: str, exit_code: int) -> None:
    click.echo(message, err=True)
    sys.exit(exit_code)


def _language_asked_for(arguments: list[str]) -> Language:
    for place, argument in enumerate(arguments):
        word = argument.partition("=")[2] if argument.startswith("--lang=") else None
        if argument == "--lang" and place + 1 < len(arguments):
            word = arguments[place + 1]
        if word in LANGUAGES:
            return word
    return "zh"


def _value_of(text: str) -> Any:
    """Read a value as TOML does, and anything else as plain text: `5`, `0.9`, `true`, `elderly`."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _overrides(pairs: tuple[str, ...]) -> dict[str, Any]:
    wrong = [pair for pair in pairs if not re.match(r"\s*[^=\s]+\s*=", pair)]
    if wrong:
        raise InputError(
            Text("--set 须写作 键=值。", "--set takes KEY=VALUE."),
            [Fault("--set", same(pair), Text("如 solver.gap=0.01", "for example solver.gap=0.01")) for pair in wrong],
        )
    return {key.strip(): _value_of(value.strip()) for key, _, value in (pair.partition("=") for pair in pairs)}


@contextmanager
def _progress(language: Language, quiet: bool) -> Iterator[Progress]:
    """Show what is being done on standard error, and nothing at all where that is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield lambda step: status.update(step.in_language(language) + " …")


def _plan_options(command: Callable[..., None]) -> Callable[..., None]:
    options = [
        click.argument("plan", type=click.Path()),
        click.option(
            "--set",
            "settings",
            multiple=True,
            metavar="KEY=VALUE",
            help="覆盖方案中的一个键 · overrides one key of the plan; repeats",
        ),
        click.option("--quiet", is_flag=True, help="不输出摘要与进度 · no summary, no progress"),
        click.option("--json", "as_json", is_flag=True, help="以 JSON 输出摘要 · the summary as JSON"),
        _language_option,
    ]
    for option in reversed(options):
        command = option(command)
    return command


_language_option = click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), default="zh", show_default=True, help="语言 · language"
)
_pdf_option = click.option(
    "--pdf",
    is_flag=True,
    help="同时打印简报 brief.pdf，须有 Chromium、Chrome 或 Edge · print the brief too, with one of these",
)
_out_option = click.option("--out", type=click.Path(), help="输出文件夹 · output folder [maps/<study>/]")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="station-planner", prog_name="planner")
def commands() -> None:
    """谁步行一刻钟到不了驿站，下一座驿站该建在哪里。

    Who cannot reach a community service station within a quarter of an hour on foot,
    and where the next stations should go.
    """


@commands.command()
@_plan_options
@_out_option
@_pdf_option
def run(
    plan: str,
    settings: tuple[str, ...],
    quiet: bool,
    as_json: bool,
    language: Language,
    out: str | None,
    pdf: bool,
) -> None:
    """选址并输出地图、简报与数据 · Choose stations and write map, brief and data.

    PLAN 为 plan.toml 或其所在文件夹 · a plan.toml or the folder that holds it.
    """
    from planner.first_run import compiling_meanwhile

    with compiling_meanwhile():
        _make("run", plan, settings, quiet, as_json, language, out, pdf)


@commands.command()
@_plan_options
@_out_option
@_pdf_option
def audit(
    plan: str,
    settings: tuple[str, ...],
    quiet: bool,
    as_json: bool,
    language: Language,
    out: str | None,
    pdf: bool,
) -> None:
    """检查现有驿站的服务圈 · Test the service circle of today's stations."""
    from planner.first_run import compiling_meanwhile

    with compiling_meanwhile():
        _make("audit", plan, settings, quiet, as_json, language, out, pdf)


@commands.command()
@_plan_options
@click.option("--out", required=True, type=click.Path(), metavar="FILE", help="输出文件 · .xlsx .csv .gpkg .geojson")
def propose(plan: str, settings: tuple[str, ...], quiet: bool, as_json: bool, language: Language, out: str) -> None:
    """提出建议点，写成可编辑的站点表 · Propose sites, as a table of sites to edit.

    方案须有 [proposals] 一节 · the plan needs a section [proposals].
    """
    from planner.config import read_plan
    from planner.first_run import compiling_meanwhile
    from planner.proposals import propose_sites
    from planner.report import proposals_json, proposals_text, write_proposals, writer_for

    file = Path(out)
    writer_for(file)
    config = read_plan(plan, _overrides(settings))
    with compiling_meanwhile(), _progress(language, quiet or as_json) as progress:
        proposed = propose_sites(config, progress)
    if len(proposed.table):
        write_proposals(proposed.table, file)
    if as_json:
        click.echo(json.dumps(proposals_json(proposed), ensure_ascii=False, indent=2))
    elif not quiet:
        click.echo(proposals_text(proposed, file, language))


@commands.command()
@_plan_options
def check(plan: str, settings: tuple[str, ...], quiet: bool, as_json: bool, language: Language) -> None:
    """只读取并检查，不作规划 · Read everything, plan nothing, report every fault and warning."""
    from planner.check import check_study
    from planner.config import read_plan

    with _progress(language, quiet or as_json) as progress:
        report = check_study(read_plan(plan, _overrides(settings)), progress)
    if as_json:
        click.echo(json.dumps(report.to_dict(), ensure_ascii=False, indent=2))
    elif not quiet:
        click.echo(report.in_language(language))


@commands.command()
@click.argument("plans", metavar="PLAN_JSON PLAN_JSON...", type=click.Path(), nargs=-1)
@click.option("--out", type=click.Path(), help="输出文件夹 · output folder [maps/compare]")
@click.option("--quiet", is_flag=True, help="不输出摘要 · no summary")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出摘要 · the summary as JSON")
@click.option("--pdf", is_flag=True, help="同时打印 compare.pdf，须有 Chromium、Chrome 或 Edge · print the page too")
@_language_option
def compare(plans: tuple[str, ...], out: str | None, quiet: bool, as_json: bool, pdf: bool, language: Language) -> None:
    """并排比较几个方案：表格与地图 · Plans side by side: table and map.

    PLAN_JSON 为 plan.json、其所在文件夹，或地图保存的试算；其余方案都与第一个相比 · a plan.json, the folder that
    holds it, or a what-if that the map saved; the first is what the others are compared with.
    """
    from planner.comparing import compare_plans, comparison_json, comparison_text, write_comparison
    from planner.report import refuse_unprintable, refuse_unwritable

    comparison = compare_plans(plans)
    folder = Path(out) if out else Path("maps") / "compare"
    refuse_unwritable(folder)
    if pdf:
        refuse_unprintable()
    files = write_comparison(comparison, folder, language, pdf=pdf)
    if as_json:
        click.echo(json.dumps(comparison_json(comparison), ensure_ascii=False, indent=2))
    elif not quiet:
        click.echo(comparison_text(comparison, language, files))


@commands.command()
@click.argument("place", required=False)
@click.option("--bbox", metavar="W,S,E,N", help="经纬度范围，代替地名 · a box in degrees instead of a place")
@click.option("--out", required=True, type=click.Path(), metavar="FILE", help="输出文件 · .graphml or .gpkg")
@click.option("--endpoint", metavar="URL", help="另一个 Overpass 服务器 · another Overpass server")
@click.option("--compounds", is_flag=True, help="同时下载居住小区 · residential compounds too")
@click.option("--venues", is_flag=True, help="同时下载公共场所 · community venues too")
@_language_option
def fetch(
    place: str | None,
    bbox: str | None,
    out: str,
    endpoint: str | None,
    compounds: bool,
    venues: bool,
    language: Language,
) -> None:
    """从 OpenStreetMap 下载路网 · Download streets from OpenStreetMap."""
    from planner.network import fetch_streets

    with _progress(language, quiet=False) as progress:
        progress(Text("下载", "downloading"))
        files = fetch_streets(place, _box(bbox), Path(out), endpoint, compounds=compounds, venues=venues)
    for file in files:
        click.echo(str(file))


@commands.command()
@click.argument("folder", metavar="DIR", type=click.Path())
@_language_option
def new(folder: str, language: Language) -> None:
    """新建一个待填写的研究 · Make a study to fill in."""
    from planner.report import write_new_study

    for file in write_new_study(Path(folder)):
        click.echo(str(file))
    click.echo(
        Text("填好后运行：planner run {folder}", "Fill it in, then: planner run {folder}")
        .format(folder=folder)
        .in_language(language)
    )


def _make(
    command: str,
    plan: str,
    settings: tuple[str, ...],
    quiet: bool,
    as_json: bool,
    language: Language,
    out: str | None,
    pdf: bool,
) -> None:
    from planner.config import read_plan
    from planner.pipeline import audit, make_plan, write_outputs
    from planner.report import refuse_unprintable, refuse_unwritable, summary_json, summary_text

    config = read_plan(plan, _overrides(settings))
    folder = Path(out) if out else Path("maps") / config.folder.resolve().name
    refuse_unwritable(folder)
    if pdf:
        refuse_unprintable()
    make: Callable[..., Plan] = make_plan if command == "run" else audit
    with _progress(language, quiet or as_json) as progress:
        result = make(config, progress)
        progress(Text("写出地图与表格", "writing map and tables"))
        files = write_outputs(result, folder, language, pdf=pdf)
    if as_json:
        click.echo(json.dumps(summary_json(result), ensure_ascii=False, indent=2))
    elif not quiet:
        click.echo(summary_text(result, language, files))
    solution = result.solution
    if solution.stopped == "interrupted":
        words = Text(
            "搜索已中断：已写出当时最好的方案，差距 {gap}。",
            "The search was interrupted: the best plan so far is written, with a gap of {gap}.",
        )
        _stop(words.format(gap=f"{solution.gap:.2%}").in_language(language), INTERRUPTED)


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise _box_fault(text) from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise _box_fault(text)
    return west, south, east, north


def _box_fault(text: str) -> InputError:
    return InputError(
        Text("--bbox 不可用。", "--bbox cannot be used."),
        [
            Fault(
                "--bbox",
                Text(text, text),
                Text("西，南，东，北（度）", "W,S,E,N in degrees, west of east, south of north"),
            )
        ],
    )
