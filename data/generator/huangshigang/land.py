"""Water, green and blocks: the ground the quarter stands on."""

from __future__ import annotations

from functools import lru_cache

import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, box

from generator.frame import smooth
from generator.huangshigang.sheet import FRAME
from generator.huangshigang.streets import block_streets, public_ways

# fmt: off
_LAKE = (
    (-930, 748), (-820, 726), (-700, 740), (-580, 728), (-450, 744), (-300, 742), (-170, 728), (-60, 740), (40, 716),
    (120, 722), (200, 700), (290, 712), (350, 726), (430, 722), (500, 744), (560, 758), (588, 800), (580, 860),
    (600, 940), (586, 1020), (572, 1110), (590, 1170), (628, 1222), (684, 1234), (732, 1200), (746, 1130),
    (734, 1050), (716, 960), (740, 880), (728, 800), (744, 740), (742, 690), (756, 640), (770, 580), (752, 520),
    (764, 470), (748, 438), (790, 420), (850, 428), (920, 424), (952, 446), (956, 500), (966, 560), (962, 620),
    (1000, 688), (1080, 704), (1150, 678), (1230, 700), (1300, 684), (1400, 692), (1480, 706), (1560, 698),
    (1640, 722), (1720, 700), (1800, 716), (1900, 742), (2000, 730), (2150, 752), (2290, 728), (2420, 744),
    (2560, 724), (2700, 742), (2870, 732), (2870, 1160), (2600, 1180), (2300, 1270), (1950, 1330), (1600, 1290),
    (1250, 1400), (900, 1390), (600, 1370), (250, 1290), (-100, 1310), (-500, 1250), (-930, 1290),
)
# fmt: on
_ISLAND = ((1180, 905), (1260, 890), (1320, 915), (1290, 955), (1210, 960))
_BANK = (
    (-940, -14),
    (-500, -9),
    (-100, -16),
    (300, -9),
    (700, -12),
    (1100, -18),
    (1500, -10),
    (2100, -14),
    (2500, -10),
    (2880, -15),
)

#: Lines on the sheet that part two plots of one block without a street between them.
_PARTY_LINES = (
    ((186, 195), (180, 395)),
    ((625, 226), (1000, 222)),
    ((800, 220), (801, 240)),
    ((230, 96), (231, 40)),
    ((470, 575), (462, 705)),
    ((1540, 40), (1542, 225)),
    ((1300, 500), (1540, 506)),
    ((1662, 200), (1655, 400)),
    ((1152, 505), (1150, 660)),
    ((470, 200), (462, 310)),
    ((-460, 205), (-215, 210)),
    ((-700, 230), (-460, 222)),
    ((-700, 540), (-460, 530)),
    ((2260, 215), (2520, 220)),
    ((-215, 215), (20, 222)),
    ((-215, 530), (20, 535)),
    ((1780, 215), (2005, 220)),
    ((1780, 520), (2005, 530)),
    ((2005, 220), (2260, 212)),
    ((2005, 520), (2260, 526)),
    ((560, 1042), (780, 1044)),
)


def lake() -> Polygon:
    """Return the lake."""
    return FRAME.bend(Polygon(smooth(_LAKE, closed=True)), 30)


def island() -> Polygon:
    """Return the island in the lake."""
    return FRAME.bend(Polygon(smooth(_ISLAND, closed=True)), 30)


def river() -> Polygon:
    """Return the river, wider and longer than the maps of the quarter reach."""
    near = [(-2600, -20), (-1700, -12), *smooth(_BANK).tolist(), (3700, -12), (4800, -18)]
    far = [(4800, -1150), (2880, -1120), (600, -1180), (-940, -1140), (-2600, -1120)]
    return FRAME.bend(Polygon([*near, *far]), 30)


def water() -> MultiPolygon:
    """Return everything a walker cannot cross without a bridge."""
    return MultiPolygon([lake(), river()])


@lru_cache
def plots() -> tuple[Polygon, ...]:
    """Return the ground between the streets where something may be built, clear of streets and water."""
    streets = block_streets()
    edges = [line for line, _ in streets]
    frame = FRAME.bend(shapely.union(box(-915, -5, 2840, 700), box(520, 690, 790, 1250))).exterior
    shores = [lake().exterior]
    cuts = [FRAME.bend(LineString(line)) for line in _PARTY_LINES]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all([*edges, frame, *shores, *cuts])]))
    taken = shapely.union_all([*(line.buffer(clear) for line, clear in streets), water().buffer(14)])
    paths = [way.line for way in public_ways() if way.walkable and way.tags.get("name") == "环湖步道"]
    taken = shapely.union_all([taken, *(cut.buffer(1.5) for cut in cuts), *(path.buffer(6) for path in paths)])
    open_ground = [part for face in faces for part in shapely.get_parts(face.difference(taken)) if part.area > 1500]
    return tuple(sorted(open_ground, key=lambda plot: (round(plot.centroid.x), round(plot.centroid.y))))


def plot_at(plots_: tuple[Polygon, ...], u: float, v: float) -> Polygon:
    """Return the plot that holds a point of the sheet."""
    point = Point(FRAME.place([(u, v)])[0])
    holding = [plot for plot in plots_ if plot.covers(point)]
    if not holding:
        raise ValueError(f"no plot at ({u}, {v}) of the sheet")
    return holding[0]
