"""What codes are called in front of a reader. A code that nobody named is shown as it stands."""

from __future__ import annotations

from collections.abc import Mapping

from planner.bilingual import Text, same
from planner.model.changes import CHANGE_KINDS
from planner.model.named_walkers import WALKER_LABELS
from planner.model.walking import DIRECTIONS, Need

GROUP_LABELS: Mapping[str, Text] = {
    "resident_population": Text("常住人口", "residents"),
    "registered_population": Text("户籍人口", "registered residents"),
    "floating_population": Text("流动人口", "floating population"),
    "households": Text("户数", "households"),
    "elderly_population": Text("老年人口", "elderly residents"),
    "population_60_plus": Text("60 岁及以上人口", "residents aged 60 and over"),
    "population_80_plus": Text("80 岁及以上人口", "residents aged 80 and over"),
    "children": Text("儿童", "children"),
    "child_population": Text("儿童", "children"),
    "children_population": Text("儿童", "children"),
    "mobility_limited": Text("行动不便人员", "people with limited mobility"),
}

FUNCTION_LABELS: Mapping[str, Text] = {
    "any": Text("任一驿站", "any station"),
    "public_service": Text("便民服务", "public service"),
    "civic_practice": Text("新时代文明实践", "civic practice"),
    "culture": Text("综合文化服务", "culture"),
    "home_care": Text("居家养老", "home care for the elderly"),
    "after_school": Text("四点半学校", "after-school care"),
    "children": Text("儿童之家", "children's home"),
    "health": Text("医疗卫生", "health"),
    "meals": Text("助餐", "meals"),
}

SITE_STATUS_LABELS: Mapping[str, Text] = {
    "existing": Text("现有", "existing"),
    "under_construction": Text("在建", "under construction"),
    "required": Text("必选", "required"),
    "candidate": Text("候选", "candidate"),
    "excluded": Text("不可用", "excluded"),
}

ACQUISITION_LABELS: Mapping[str, Text] = {
    "new_build": Text("新建", "new building"),
    "convert": Text("改造", "conversion"),
    "purchase": Text("购买", "purchase"),
    "granted": Text("政府无偿提供", "granted free of charge"),
    "shared": Text("单位共享", "shared by a resident unit"),
    "lease": Text("租用", "lease"),
    "swap": Text("置换", "swap"),
}

LEVEL_LABELS: Mapping[str, Text] = {
    "community": Text("社区", "community"),
    "grid": Text("网格", "grid"),
    "compound": Text("小区", "compound"),
}


def group_label(group: str) -> Text:
    """Return what a group of people is called.

    Examples
    --------
    >>> group_label("elderly_population").zh, group_label("people_65_plus").en
    ('老年人口', 'people_65_plus')
    """
    return GROUP_LABELS.get(group, same(group))


def with_its_walk(label: Text, need: Need) -> Text:
    """Return the label of a need with what is unusual about its walk: who walks, and which way.

    A walker of the plan's own is not named here; the parameters tell its numbers.

    Examples
    --------
    >>> from planner.model import ServiceStandard, Walker
    >>> pram = Need("residents", Walker("pram"), ServiceStandard(max_walk_min=15), direction="round_trip")
    >>> with_its_walk(same("15 min"), pram).en
    '15 min, adult with a pram, there and back, half of both'
    """
    walker = need.walker.name
    expected = walker == "adult" or (walker == "elderly" and need.group in _ELDERLY)
    said = [] if expected or walker not in WALKER_LABELS else [WALKER_LABELS[walker]]
    said += [] if need.direction == "to_station" else [DIRECTIONS[need.direction]]
    for words in said:
        label = Text("{label}，{words}", "{label}, {words}").format(label=label, words=words)
    return label


_ELDERLY = ("elderly_population", "population_60_plus", "population_80_plus")


def function_label(function: str) -> Text:
    """Return what a function of a station is called."""
    return FUNCTION_LABELS.get(function, same(function))


def functions_label(codes: str) -> Text:
    """Return the functions of a site, `any` left out where it says nothing more.

    Examples
    --------
    >>> functions_label("culture;any").zh, functions_label("any").en
    ('综合文化服务', 'any station')
    """
    named = [code for code in str(codes).split(";") if code and code != "any"] or ["any"]
    labels = [function_label(code) for code in named]
    return Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))


def site_status_label(status: str) -> Text:
    """Return what the status of a site is called."""
    return SITE_STATUS_LABELS.get(status, same(status))


def acquisition_label(acquisition: str) -> Text:
    """Return how the space of a station is obtained, in words."""
    return ACQUISITION_LABELS.get(acquisition, same(acquisition))


def change_label(kind: str) -> Text:
    """Return what a change of the streets does, or, for a site beside it, its status."""
    return CHANGE_KINDS.get(kind) or site_status_label(kind)


def level_label(level: str) -> Text:
    """Return what an administrative level is called."""
    return LEVEL_LABELS.get(level, same(level))
