"""Which ways are walked."""

from pathlib import Path

import pytest

from planner.network.tags import (
    RULES,
    WAY_KEYS,
    Crossing,
    Verdict,
    classify,
    crossing_of_node,
    crossing_of_way,
    is_barrier,
    is_closed,
    judge,
    stairs_of_way,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "streets.md"


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "motorway"},
        {"highway": "motorway_link", "foot": "yes"},
        {"highway": "construction", "foot": "yes"},
        {"highway": "proposed"},
        {"highway": "raceway"},
        {"highway": "trunk", "foot": "no"},
        {"highway": "trunk", "motorroad": "yes"},
        {"highway": "primary", "foot": "use_sidepath"},
        {"highway": "footway", "access": "no"},
        {"highway": "cycleway"},
        {"highway": "service", "route": "ferry"},
        {"highway": "street_lamp"},
        {"railway": "platform"},
        {"building": "yes"},
        {},
    ],
)
def test_not_walked(tags: dict[str, str]) -> None:
    assert judge(tags) is Verdict.OUT
    assert classify(tags) is None


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "trunk"},
        {"highway": "trunk", "motorroad": "yes", "foot": "yes"},
        {"highway": "residential"},
        {"highway": "service", "service": "driveway"},
        {"highway": "living_street"},
        {"highway": "steps"},
        {"highway": "pedestrian", "area": "yes"},
        {"highway": "cycleway", "foot": "designated"},
        {"highway": "footway", "access": "no", "foot": "yes"},
        {"highway": "service", "access": "private", "foot": "permissive"},
        {"highway": "corridor"},
        {"highway": "platform"},
        {"highway": "residential", "access": "destination"},
    ],
)
def test_walked_by_everybody(tags: dict[str, str]) -> None:
    assert judge(tags) is Verdict.PUBLIC


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "service", "access": "private"},
        {"highway": "service", "service": "driveway", "access": "private"},
        {"highway": "service", "service": "private"},
        {"highway": "footway", "foot": "private"},
        {"highway": "footway", "foot": "customers", "access": "yes"},
        {"highway": "residential", "access": "permit"},
        {"highway": "path", "access": "customers"},
        {"highway": "cycleway", "foot": "private"},
    ],
)
def test_private_ways_are_kept_and_marked(tags: dict[str, str]) -> None:
    found = classify(tags)
    assert found is not None
    assert found.private


def test_steps_know_their_direction() -> None:
    inclines = {"up": 1, "down": -1, "12%": 1, "-8": -1, "0": 2, "steep": 2}
    assert {each: stairs_of_way({"highway": "steps", "incline": each}) for each in inclines} == inclines
    assert stairs_of_way({"highway": "steps"}) == 2
    assert stairs_of_way({"highway": "footway", "incline": "up"}) == 0


@pytest.mark.parametrize("key", ["footway", "path", "cycleway"])
def test_crossing_ways_are_signalled_where_a_tag_says_so(key: str) -> None:
    way = {"highway": key, key: "crossing"}
    assert crossing_of_way(way) is Crossing.PLAIN
    assert crossing_of_way(way | {"crossing": "traffic_signals"}) is Crossing.SIGNALLED
    assert crossing_of_way(way | {"crossing": "marked", "crossing:signals": "yes"}) is Crossing.SIGNALLED
    assert crossing_of_way(way | {"crossing:signals": "no"}) is Crossing.PLAIN
    assert crossing_of_way(way | {"crossing": "no"}) is Crossing.NONE
    assert crossing_of_way({"highway": "footway", "footway": "sidewalk"}) is Crossing.NONE


def test_crossing_nodes() -> None:
    assert crossing_of_node({"highway": "traffic_signals"}) is Crossing.SIGNALLED
    assert crossing_of_node({"highway": "crossing", "crossing": "traffic_signals"}) is Crossing.SIGNALLED
    assert crossing_of_node({"crossing": "zebra"}) is Crossing.PLAIN
    assert crossing_of_node({"highway": "crossing", "crossing": "no"}) is Crossing.NONE
    assert crossing_of_node({"barrier": "gate"}) is Crossing.NONE


def test_a_kerb_holds_nobody_up() -> None:
    assert is_barrier({"barrier": "lift_gate"})
    assert not is_barrier({"barrier": "kerb"})
    assert not is_barrier({"highway": "crossing"})


@pytest.mark.parametrize(
    ("tags", "closed"),
    [
        ({"barrier": "gate", "access": "no"}, True),
        ({"barrier": "gate", "locked": "yes"}, True),
        ({"barrier": "turnstile", "foot": "no"}, True),
        ({"barrier": "block", "access": "no"}, False),
        ({"barrier": "gate", "access": "no", "foot": "yes"}, False),
        ({"barrier": "gate", "access": "private"}, False),
        ({"barrier": "gate", "locked": "yes", "foot": "private"}, False),
        ({"barrier": "gate"}, False),
        ({"highway": "crossing", "access": "no"}, False),
    ],
)
def test_a_barrier_is_closed_where_nobody_may_pass(tags: dict[str, str], closed: bool) -> None:
    assert is_closed(tags) is closed


def test_the_page_shows_the_table_of_the_code() -> None:
    """docs/streets.md lists every rule, in order, with all its values."""
    rows = [
        f"| {place} | `{rule.key}` | {', '.join(f'`{value}`' for value in rule.values)} | {rule.verdict.value} "
        f"| {rule.why} |"
        for place, rule in enumerate(RULES, start=1)
    ]
    page = PAGE.read_text(encoding="utf-8").splitlines()
    assert [line for line in page if line.startswith("| ") and line[2].isdigit()] == rows


def test_the_page_names_every_tag_that_decides_about_wheels() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert {key for key in WAY_KEYS if f"`{key}" not in page and f"{key}=" not in page} == set()
