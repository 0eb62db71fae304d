"""Whether the streets carry a result: three grades, and the figures that led to the grade.

All bounds are ours, chosen so that the street data we have seen fall where somebody who knows the places would put
them. They are to be checked, and no standard.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from planner.bilingual import Text
from planner.coverage.street_data import BEYOND_M, FURTHEST_M, Place, StreetData
from planner.model.figures import people, percent

Grade = Literal["usable", "with_care", "too_thin"]

GRADES: dict[Grade, Text] = {
    "usable": Text("路网数据可用，可据此计算步行时间。", "The street data are usable: walks can be measured on them."),
    "with_care": Text(
        "路网数据须慎用，请先核对下列问题，再采信个别居民点的结果。",
        "The street data are to be used with care: look at the points below before relying on single homes.",
    ),
    "too_thin": Text(
        "路网数据过稀，不足以计算步行时间。请补充路网，或改用直线估算"
        "（[network] detour_factor，如 1.3），结果会标明为估算。",
        "The street data are too thin to measure walks. Add the missing paths, or choose an estimate from straight "
        "lines ([network] detour_factor, such as 1.3), which is marked as one everywhere.",
    ),
}
_OURS = Text(
    "以上界限由本程序根据几座城市的数据选定，待核，不是标准。",
    "These bounds are ours, chosen from the data of some towns; they are to be checked, and no standard.",
)

#: Places that are named.
_NAMED = 5


@dataclass(frozen=True)
class Criterion:
    """A figure with the bounds from which it asks for care, and beyond which the data are too thin."""

    code: str
    label: Text
    figure: Callable[[StreetData], float]
    care: float
    thin: float | None
    write: Callable[[float], str] = percent
    low_is_bad: bool = False

    def grade(self, streets: StreetData) -> Grade:
        """Return what this figure alone says; what is not known says nothing."""
        if self.thin is not None and self._beyond(self.figure(streets), self.thin):
            return "too_thin"
        return "with_care" if self._beyond(self.figure(streets), self.care) else "usable"

    def _beyond(self, value: float, bound: float) -> bool:
        return value < bound if self.low_is_bad else value > bound

    def reason(self, streets: StreetData) -> Text:
        """Return the figure with its bounds, as one sentence."""
        side = Text("低于", "below") if self.low_is_bad else Text("超过", "above")
        bounds = Text("{side} {care} 须慎用", "care {side} {care}")
        if self.thin is not None:
            bounds = Text("{side} {care} 须慎用，{side} {thin} 为过稀", "care {side} {care}, too thin {side} {thin}")
        return Text("{label} {value}（{bounds}）。", "{label}: {value} ({bounds}).").format(
            label=self.label,
            value=self.write(self.figure(streets)),
            bounds=bounds.format(
                side=side, care=self.write(self.care), thin="" if self.thin is None else self.write(self.thin)
            ),
        )


CRITERIA = (
    Criterion(
        "density",
        Text("有路之处的路网密度（公里/平方公里）", "Density of paths where there are any, km/km²"),
        lambda streets: streets.km_per_km2,
        care=12.0,
        thin=8.0,
        write=lambda value: f"{value:.1f}",
        low_is_bad=True,
    ),
    Criterion(
        "beyond_100_m",
        Text("住处 100 米内没有路的人口占", "People without a path within 100 m"),
        lambda streets: streets.share_beyond[BEYOND_M.index(100)],
        care=0.10,
        thin=0.30,
    ),
    Criterion(
        "in_empty_cells",
        Text(
            "住处 50 米内没有路，周围 500 米见方也几乎没有路的人口占",
            "People with no path within 50 m and hardly any in the 500 m around them",
        ),
        lambda streets: streets.share_in_empty,
        care=0.05,
        thin=0.20,
    ),
    Criterion(
        "on_islands",
        Text("住在孤立路段旁的人口占", "People on separate pieces of network"),
        lambda streets: streets.share_on_islands,
        care=0.02,
        thin=0.10,
    ),
    Criterion(
        "detour",
        Text("到最近站点的步行距离与直线之比", "Walk to the nearest site by its straight line"),
        lambda streets: streets.detour,
        care=1.6,
        thin=2.0,
        write=lambda value: f"{value:.2f}",
    ),
    Criterion(
        "footways",
        Text("人行道、小路和台阶占总长", "Footways, paths and steps, share of length"),
        lambda streets: streets.share_footways,
        care=0.02,
        thin=None,
        low_is_bad=True,
    ),
    Criterion(
        "private",
        Text("不对外开放的路占总长", "Private ways, share of length"),
        lambda streets: streets.share_private,
        care=0.20,
        thin=None,
    ),
    Criterion(
        "compounds_with_paths",
        Text("范围内有路的小区占", "Compounds with a path inside"),
        lambda streets: streets.share_with_paths,
        care=0.50,
        thin=None,
        low_is_bad=True,
    ),
)


@dataclass(frozen=True)
class Verdict:
    """The worst grade of all criteria, and those that led to it or ask for care."""

    grade: Grade
    criteria: tuple[Criterion, ...]


def judge(streets: StreetData) -> Verdict:
    """Return the verdict on the street data of a study."""
    order = list(GRADES)
    graded = {one: one.grade(streets) for one in CRITERIA}
    told = tuple(one for one, grade in graded.items() if grade != "usable")
    return Verdict(max(graded.values(), key=order.index), told)


def street_sentences(streets: StreetData) -> tuple[Text, ...]:
    """Return the verdict, its reasons and the figures behind it, a sentence each."""
    verdict = judge(streets)
    reasons = [one.reason(streets) for one in verdict.criteria]
    places = [
        sentence
        for words, found in ((_ISLANDS, streets.islands), (_EMPTY, streets.empty))
        if (sentence := _named(words, found))
    ]
    return (GRADES[verdict.grade], *reasons, *([_OURS] if reasons else []), *_facts(streets), *places)


def street_document(streets: StreetData) -> dict[str, Any]:
    """Return the verdict and all figures for `--json`: NaN as None."""
    verdict = judge(streets)
    figures = {
        key: value
        for key, value in vars(streets).items()
        if key not in ("islands", "empty", "off_path_m", "share_beyond")
    }
    median, most, furthest = streets.off_path_m
    return {
        "grade": verdict.grade,
        "reasons": [
            {"code": one.code, "value": _number(one.figure(streets)), "care": one.care, "too_thin": one.thin}
            for one in verdict.criteria
        ],
        **{key: _number(value) for key, value in figures.items()},
        "off_path_m": {"median": _number(median), "p90": _number(most), "max": _number(furthest)},
        "share_beyond_m": {
            str(metres): _number(share) for metres, share in zip(BEYOND_M, streets.share_beyond, strict=True)
        },
        "islands": [_place(place) for place in streets.islands],
        "empty_areas": [_place(place) for place in streets.empty],
    }


def _facts(streets: StreetData) -> tuple[Text, ...]:
    median, most, furthest = streets.off_path_m
    values = {
        "km": f"{streets.path_km:,.1f}",
        "density": f"{streets.km_per_km2:.1f}",
        "pieces": f"{streets.pieces:,}",
        "outside": percent(streets.share_outside),
        "footways": percent(streets.share_footways),
        "private": percent(streets.share_private),
        "steps": f"{streets.steps:,}",
        "unknown": f"{streets.steps_without_direction:,}",
        "median": f"{median:.0f}",
        "most": f"{most:.0f}",
        "furthest": f"≥ {FURTHEST_M:,.0f}" if furthest >= FURTHEST_M else f"{furthest:.0f}",
        "beyond": " / ".join(percent(share) for share in streets.share_beyond),
        "limits": " / ".join(str(metres) for metres in BEYOND_M),
        "detour": f"{streets.detour:.2f}",
        "pairs": f"{streets.detour_pairs:,}",
    }
    facts = [_EXTENT, _KINDS, _OFF_PATH, *([_DETOUR] if streets.detour_pairs else [])]
    return tuple(fact.format(**values) for fact in facts)


def _named(words: Text, places: tuple[Place, ...]) -> Text | None:
    """Return a sentence that names the places with most people, or nothing where there are none."""
    if not places:
        return None
    shown = [
        _PLACE.format(
            name=place.names[0],
            homes=place.homes,
            people=people(place.people),
            lon=f"{place.lon:.4f}",
            lat=f"{place.lat:.4f}",
        )
        for place in places[:_NAMED]
    ]
    more = " …" if len(places) > _NAMED else ""
    listed = Text("；".join(one.zh for one in shown) + more, "; ".join(one.en for one in shown) + more)
    count = math.fsum(place.people for place in places)
    return words.format(count=len(places), people=people(count), listed=listed)


def _place(place: Place) -> dict[str, Any]:
    return {
        "names": list(place.names[:_NAMED]),
        "homes": place.homes,
        "people": _number(place.people),
        "path_m": round(place.path_m, 1),
        "lon": round(place.lon, 6),
        "lat": round(place.lat, 6),
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)


_EXTENT = Text(
    "路网共 {km} 公里，有路之处每平方公里 {density} 公里，分为 {pieces} 个互不连通的部分，"
    "最大部分之外占总长 {outside}。",
    "{km} km of paths, {density} km per km² where there are any; pieces that do not meet: {pieces}, with {outside} of "
    "the length outside the largest.",
)
_KINDS = Text(
    "人行道、小路和台阶占总长 {footways}，不对外开放的路占 {private}；"
    "台阶 {steps} 段，其中 {unknown} 段方向不明，按上行计。",
    "Footways, paths and steps are {footways} of the length, private ways {private}; flights of steps: {steps}, of "
    "which {unknown} have no direction and count as upward.",
)
_OFF_PATH = Text(
    "从住处到最近的路：半数人不超过 {median} 米，九成不超过 {most} 米，最远 {furthest} 米；"
    "超过 {limits} 米的人口占 {beyond}。",
    "From home to the nearest path: half of the people {median} m or less, nine in ten {most} m or less, the furthest "
    "{furthest} m; further than {limits} m: {beyond} of the people.",
)
_DETOUR = Text(
    "绕行：按步行速度折算，到最近站点的步行距离约为直线的 {detour} 倍（{pairs} 处居民点的中位数，含过街等待）。",
    "Detour: the walk to the nearest site is about {detour} times the straight line (median of homes: {pairs}; waits "
    "at crossings included).",
)
_ISLANDS = Text(
    "与其余路网不连通而旁有居民的路段 {count} 处，共 {people} 人：{listed}。",
    "Pieces of network with homes that do not meet the rest: {count}, with {people} people: {listed}.",
)
_EMPTY = Text(
    "有人居住而周围 500 米见方几乎没有路的地块 {count} 个，共 {people} 人，宜优先补充路网：{listed}。",
    "Blocks with people but hardly any path in the 500 m around them: {count}, with {people} people; add the paths "
    "there first: {listed}.",
)
_PLACE = Text(
    "{name} 一带（{homes} 处，{people} 人，经度 {lon}，纬度 {lat}）",
    "around {name} ({homes} homes, {people} people, at {lon}, {lat})",
)
