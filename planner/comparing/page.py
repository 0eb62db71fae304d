"""compare.html: the brief of a comparison, to print on A4. Both languages, nothing fetched from anywhere."""

from __future__ import annotations

from importlib import resources

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from planner.bilingual import Language, Text, same
from planner.comparing.comparing import Comparison
from planner.comparing.picture import has_changes, legend, pictures
from planner.comparing.side import need_words
from planner.comparing.tables import tables_of
from planner.page_policy import POLICY_PLACE, with_policy
from planner.report import installed_version
from planner.report.brief import beginning_a_line, both_languages


def compare_page(comparison: Comparison, language: Language = "zh") -> str:
    """Return the page: the same for the same files."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters["t"] = both_languages
    environment.filters["begin"] = beginning_a_line
    own = resources.files("planner.comparing").joinpath("templates", "compare.html").read_text(encoding="utf-8")
    style = resources.files("planner.report").joinpath("templates", "brief.css").read_text(encoding="utf-8")
    rendered = environment.from_string(own).render(
        style=Markup(style),
        language=language,
        title=title_of(comparison),
        sides=comparison.sides,
        headline=comparison.headline,
        warnings=comparison.warnings,
        synthetic=comparison.synthetic,
        tables=tables_of(comparison),
        pictures=[(side, Markup(picture)) for side, picture in pictures(comparison)],
        picture_words=_picture_words(comparison),
        legend=legend(comparison),
        undrawn=[side.undrawn for side in comparison.sides if side.undrawn is not None],
        version=installed_version("station-planner"),
        attribution=comparison.attribution,
        text=Text,
        policy=POLICY_PLACE,
    )
    return with_policy(rendered)


def title_of(comparison: Comparison) -> Text:
    """Return what the comparison is called: the study, where it is one."""
    studies = list(dict.fromkeys(side.study for side in comparison.sides if side.study))
    return Text("{name} · 方案比较", "{name} · plans side by side").format(name=" / ".join(studies[:3]))


def _picture_words(comparison: Comparison) -> Text:
    if not comparison.shared:
        return same("")
    need = need_words(comparison.shared[0])
    if not has_changes(comparison):
        return Text("居民是否覆盖（{need}）。", "Who is covered ({need}).").format(need=need)
    if len(comparison.sides) == 2:
        return Text(
            "从 A 到 B，每处居民覆盖的变化（{need}）；两图居民着色相同，驿站各为本案。",
            "From A to B: what becomes of each home ({need}); homes are coloured alike in both, stations are each "
            "plan's own.",
        ).format(need=need)
    return Text(
        "与 A 相比，每处居民覆盖的变化（{need}）；A 图为其自身的覆盖。",
        "Beside A: what becomes of each home ({need}); the picture of A shows its own coverage.",
    ).format(need=need)
