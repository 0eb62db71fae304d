"""The streets, lanes and paths of the quarter, drawn on the sheet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from shapely import LineString, Point

from generator.frame import smooth
from generator.huangshigang.sheet import EAST_U, FRAME, MAIN_ROAD_V, PAVEMENT_M, WEST_U
from generator.ways import Tags, Way, reach_out

_NORTH, _SOUTH = MAIN_ROAD_V - PAVEMENT_M, MAIN_ROAD_V + PAVEMENT_M


@dataclass(frozen=True)
class Street:
    """A street on the sheet. `clear_m`: from its middle to where plots begin."""

    name: str
    highway: str
    points: tuple[tuple[float, float], ...]
    clear_m: float
    curved: bool = True


#: The streets round the blocks, the busiest first.
STREETS: tuple[Street, ...] = (
    Street(
        "江堤路",
        "secondary",
        ((-930, 46), (-500, 43), (-150, 48), (300, 42), (900, 47), (1500, 42), (2100, 49), (2500, 44), (2860, 47)),
        12,
    ),
    Street("西港路", "secondary", ((20, 45), (14, 210), (20, _NORTH)), 11),
    Street("西港路", "secondary", ((20, _SOUTH), (26, 520), (20, 668)), 11),
    Street("东环路", "secondary", ((1780, 45), (1790, 210), (1780, _NORTH)), 11),
    Street("东环路", "secondary", ((1780, _SOUTH), (1772, 520), (1785, 655)), 11),
    Street("中港路", "tertiary", ((620, 45), (628, 200), (620, _NORTH)), 9),
    Street("中港路", "tertiary", ((620, _SOUTH), (612, 540), (622, 690)), 9),
    Street("东闸路", "tertiary", ((1000, 45), (992, 180), (1000, _NORTH)), 9),
    Street("东闸路", "tertiary", ((1000, _SOUTH), (1012, 510), (1008, 590), (1035, 652)), 9),
    Street(
        "湖岸西路",
        "tertiary",
        ((-930, 664), (-600, 670), (-180, 672), (20, 660), (170, 640), (310, 648), (470, 672), (590, 690)),
        9,
    ),
    Street("湖岸西路", "tertiary", ((590, 690), (640, 692), (700, 668)), 7),
    Street(
        "湖岸东路",
        "tertiary",
        ((1035, 652), (1160, 640), (1300, 622), (1530, 640), (1780, 655), (2160, 668), (2540, 660), (2860, 668)),
        9,
    ),
    Street("西站路", "tertiary", ((-215, 45), (-222, 200), (-215, _NORTH)), 9),
    Street("西站路", "tertiary", ((-215, _SOUTH), (-208, 540), (-215, 672)), 9),
    Street("西坝路", "tertiary", ((-460, 45), (-452, 210), (-460, _NORTH)), 9),
    Street("西坝路", "tertiary", ((-460, _SOUTH), (-468, 530), (-460, 670)), 9),
    Street("西湾路", "tertiary", ((-700, 45), (-706, 200), (-700, _NORTH)), 9),
    Street("西湾路", "tertiary", ((-700, _SOUTH), (-694, 540), (-700, 670)), 9),
    Street("东湾路", "tertiary", ((2520, 45), (2528, 200), (2520, _NORTH)), 9),
    Street("东湾路", "tertiary", ((2520, _SOUTH), (2512, 540), (2520, 662)), 9),
    Street("闸东路", "tertiary", ((2260, 45), (2252, 200), (2260, _NORTH)), 9),
    Street("闸东路", "tertiary", ((2260, _SOUTH), (2268, 540), (2260, 666)), 9),
    Street("青湖路", "tertiary", ((645, 691), (668, 770), (646, 860), (666, 950), (632, 1028), (712, 1033)), 7),
    Street("东站路", "tertiary", ((2005, 45), (2012, 200), (2005, _NORTH)), 9),
    Street("东站路", "tertiary", ((2005, _SOUTH), (1996, 540), (2005, 664)), 9),
)

#: The fourteen back streets. Five names are from the article, the others are invented; no line is surveyed.
LANES: tuple[Street, ...] = (
    Street("朝阳路", "living_street", ((300, 45), (306, 130), (296, 290), (300, _NORTH)), 6),
    Street("朝阳路", "living_street", ((300, _SOUTH), (292, 520), (304, 646)), 6),
    Street("人民街", "living_street", ((20, 212), (160, 204), (300, 214), (460, 203), (620, 212)), 7),
    Street("纺织一路", "living_street", ((1300, 45), (1306, 200), (1300, _NORTH)), 6),
    Street("纺织一路", "living_street", ((1300, _SOUTH), (1293, 510), (1300, 622)), 6),
    Street("纺织二路", "living_street", ((1540, 214), (1536, 300), (1540, _NORTH)), 6),
    Street("纺织二路", "living_street", ((1540, _SOUTH), (1548, 520), (1536, 640)), 6),
    Street("灯塔巷", "living_street", ((1300, 206), (1420, 218), (1540, 208), (1660, 200), (1780, 210)), 6),
    Street("团结巷", "living_street", ((140, 45), (132, 90), (158, 125), (146, 165), (160, 205)), 5),
    Street("井边巷", "living_street", ((232, 208), (226, 160), (240, 130), (230, 96)), 5),
    Street("米市巷", "living_street", ((455, 45), (462, 110), (448, 160), (460, 203)), 5),
    Street("码头巷", "living_street", ((806, 45), (798, 110), (812, 170), (800, 232)), 5),
    Street("桂香巷", "living_street", ((299, 300), (380, 292), (450, 308), (540, 296), (621, 300)), 5),
    Street("槐荫巷", "living_street", ((456, _SOUTH), (462, 460), (446, 520), (470, 575)), 5),
    Street("柳堤巷", "living_street", ((24, 522), (110, 512), (200, 530), (294, 520)), 5),
    Street("石桥巷", "living_street", ((1010, 520), (1100, 508), (1200, 522), (1294, 512)), 5),
    Street("青砖巷", "living_street", ((1545, 516), (1620, 524), (1700, 506), (1774, 518)), 5),
)

#: Where the main road is crossed: by signal, by plain zebra crossing, and once over a footbridge.
SIGNALLED_AT_U = (-700.0, -460.0, -215.0, 20.0, 300.0, 620.0, 1300.0, 1780.0, 2005.0, 2260.0, 2520.0)
ZEBRA_AT_U = (1540.0,)
FOOTBRIDGE_AT_U = 1012.0

_PROMENADE_V, _QUAY_V = 15.0, -3.0
#: Ways over the embankment from the river road to the promenade; the ones marked True are steps.
_EMBANKMENT_LINKS = (
    (-700, True),
    (-460, False),
    (-100, False),
    (140, True),
    (300, False),
    (455, True),
    (620, False),
    (806, True),
    (1000, False),
)
_EMBANKMENT_LINKS += ((1300, True), (1560, True), (1780, False), (2005, True), (2260, False), (2520, True))
_QUAY_STEPS_AT_U = (500.0, 690.0, 900.0)


def block_streets() -> list[tuple[LineString, float]]:
    """Return the lines that bound blocks, in the metric system, each with the clearance of its plots."""
    main, _, _, *others = public_ways()
    clearances = [street.clear_m for street in STREETS + LANES]
    return [(main.line, PAVEMENT_M + 5), *((way.line, clear) for way, clear in zip(others, clearances, strict=False))]


def main_road() -> LineString:
    """Return the middle of the main road."""
    return _drawn([(WEST_U, MAIN_ROAD_V), (EAST_U, MAIN_ROAD_V)])


def street_line(name: str) -> LineString:
    """Return the longest piece of a named street."""
    named = [way.line for way in public_ways() if way.tags.get("name") == name]
    return max(named, key=lambda line: line.length)


@lru_cache
def public_ways() -> tuple[Way, ...]:
    """Return every public way, the main road, streets and lanes first; loose ends reach the next way."""
    return tuple(
        reach_out(
            [
                *_main_road_ways(),
                *(_street_way(street) for street in STREETS + LANES),
                *_junction_ways(),
                *_riverside_ways(),
                *_lakeside_ways(),
                *_park_ways(),
            ]
        )
    )


def _main_road_ways() -> list[Way]:
    carriageway = {"highway": "primary", "name": "港城大道", "foot": "no", "lanes": "6", "sidewalk": "separate"}
    pavement = {"highway": "footway", "footway": "sidewalk", "surface": "paving_stones"}
    return [
        Way(main_road(), carriageway),
        Way(_drawn([(WEST_U, _NORTH), (EAST_U, _NORTH)]), pavement),
        Way(_drawn([(WEST_U, _SOUTH), (EAST_U, _SOUTH)]), pavement),
    ]


def _street_way(street: Street) -> Way:
    tags = {"highway": street.highway, "name": street.name}
    if street.highway == "living_street":
        tags["width"] = f"{2 * street.clear_m - 4:g}"
    return Way(_centre_line(street), tags)


def _junction_ways() -> list[Way]:
    """Side streets reach the carriageway, walkers do not: they take the crossing beside it."""
    stubs = [_stub(u, side) for u in (*SIGNALLED_AT_U, *ZEBRA_AT_U, 1000.0) for side in (_NORTH, _SOUTH)]
    crossings = [_crossing(u + 9, "traffic_signals") for u in SIGNALLED_AT_U]
    crossings += [_crossing(u + 9, "uncontrolled") for u in ZEBRA_AT_U]
    return stubs + crossings + _footbridge()


def _stub(u: float, pavement_v: float) -> Way:
    names = {20.0: "西港路", 300.0: "朝阳路", 620.0: "中港路", 1000.0: "东闸路", 1300.0: "纺织一路", 1540.0: "纺织二路"}
    names |= {
        1780.0: "东环路",
        -215.0: "西站路",
        2005.0: "东站路",
        2260.0: "闸东路",
        -460.0: "西坝路",
        -700.0: "西湾路",
        2520.0: "东湾路",
    }
    tags = {"highway": "unclassified", "name": names[u], "foot": "no"}
    return Way(_drawn([(u, pavement_v), (u, MAIN_ROAD_V)]), tags)


def _crossing(u: float, kind: str) -> Way:
    middle = Point(FRAME.place([(u, MAIN_ROAD_V)])[0])
    on_road = main_road().interpolate(main_road().project(middle))
    north, south = (FRAME.place([(u, v)])[0] for v in (_NORTH, _SOUTH))
    marks = ((on_road, (("highway", "crossing"), ("crossing", kind))),)
    return Way(
        LineString([north, on_road.coords[0], south]),
        {"highway": "footway", "footway": "crossing", "crossing": kind},
        marks,
    )


def _footbridge() -> list[Way]:
    u = FOOTBRIDGE_AT_U
    up = {"highway": "steps", "incline": "up", "step_count": "36"}
    bridge = {"highway": "footway", "bridge": "yes", "layer": "1", "name": "东闸天桥"}
    return [
        Way(_drawn([(u + 22, _NORTH), (u, _NORTH - 3)]), up | {"layer": "1"}),
        Way(_drawn([(u, _NORTH - 3), (u, _SOUTH + 3)]), bridge),
        Way(_drawn([(u + 22, _SOUTH), (u, _SOUTH + 3)]), up | {"layer": "1"}),
    ]


def _riverside_ways() -> list[Way]:
    promenade = _drawn(
        smooth([(-920, 15), (-400, 18), (0, 14), (450, 17), (900, 13), (1400, 17), (2000, 13), (2500, 16), (2850, 14)])
    )
    quay = _drawn([(470, _QUAY_V), (700, _QUAY_V - 1), (930, _QUAY_V)])
    ways = [
        Way(promenade, {"highway": "footway", "name": "江堤步道", "surface": "paving_stones"}),
        Way(quay, {"highway": "footway", "name": "亲水平台"}),
    ]
    for u, steps in _EMBANKMENT_LINKS:
        tags = {"highway": "steps", "incline": "up"} if steps else {"highway": "footway"}
        ways.append(Way(_drawn([(u, 45), (u + 3, _PROMENADE_V)]), tags))
    for u in _QUAY_STEPS_AT_U:
        tags = {"highway": "steps", "incline": "down", "step_count": "24"}
        ways.append(Way(_drawn([(u, _PROMENADE_V), (u + 10, _QUAY_V)]), tags))
    return ways


def _lakeside_ways() -> list[Way]:
    path: Tags = {"highway": "footway", "surface": "paving_stones"}
    west = smooth([(640, 692), (716, 640), (730, 580), (722, 520), (736, 468), (716, 430), (712, _SOUTH)])
    east = smooth([(985, _SOUTH), (972, 450), (985, 520), (988, 600), (1035, 652)])
    shore = smooth([(20, 660), (110, 678), (230, 664), (330, 682), (470, 700), (590, 690)])
    east_shore = smooth([(1160, 640), (1240, 664), (1380, 652), (1500, 664), (1620, 674), (1780, 655)])
    bridge = path | {"name": "湖湾步行桥", "bridge": "yes", "layer": "1"}
    return [
        Way(_drawn(west), path | {"name": "环湖步道"}),
        Way(_drawn(east), path | {"name": "环湖步道"}),
        Way(_drawn(shore), path | {"name": "环湖步道"}),
        Way(_drawn(east_shore), path | {"name": "环湖步道"}),
        Way(_drawn([(734, 474), (800, 466), (880, 470), (975, 462)]), bridge),
    ]


def _park_ways() -> list[Way]:
    tags = {"highway": "footway", "surface": "paving_stones"}
    lines = [
        [(1302, 120), (1370, 138), (1430, 120), (1538, 128)],
        [(1425, 44), (1440, 90), (1430, 120), (1424, 212)],
        [(2007, 130), (2080, 112), (2150, 128), (2256, 110)],
        [(2140, 46), (2132, 90), (2150, 128)],
    ]
    return [Way(_drawn(smooth(line)), tags) for line in lines]


def _centre_line(street: Street) -> LineString:
    return _drawn(smooth(street.points) if street.curved else street.points)


def _drawn(points: object) -> LineString:
    return FRAME.bend(LineString(np.asarray(points, dtype=float)))
