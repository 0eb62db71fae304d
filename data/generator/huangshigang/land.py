"""Water, green and blocks: the ground the quarter stands on."""

from __future__ import annotations

from functools import lru_cache

import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, box

from generator.frame import smooth
from generator.huangshigang.sheet import FRAME
from generator.huangshigang.streets import block_streets, public_ways

_LAKE = (
    ((-430, 770), (-300, 742), (-170, 728), (-60, 740), (40, 716), (120, 722), (200, 700), (290, 712), (350, 726))
    + ((430, 722), (500, 744), (580, 738), (640, 742), (700, 730), (742, 690), (756, 640), (770, 580), (752, 520))
    + ((764, 470), (748, 438), (790, 420), (850, 428), (920, 424), (952, 446), (956, 500), (966, 560), (962, 620))
    + ((1000, 688), (1080, 704), (1150, 678), (1230, 700), (1300, 684), (1400, 692), (1480, 706), (1560, 698))
    + ((1640, 722), (1720, 700), (1800, 716), (1900, 742), (2000, 730), (2190, 772), (2190, 1080), (1950, 1150))
    + ((1650, 1120), (1300, 1190), (950, 1150), (600, 1180), (250, 1110), (-50, 1140), (-430, 1060))
)
_ISLAND = ((560, 905), (640, 890), (690, 915), (660, 950), (590, 955))
_BANK = ((-440, -10), (-100, -16), (300, -9), (700, -12), (1100, -18), (1500, -10), (2200, -14))

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
    ((-215, 215), (20, 222)),
    ((-215, 530), (20, 535)),
    ((1780, 215), (2005, 220)),
    ((1780, 520), (2005, 530)),
)
#: The community on the sheet; its grids follow these lines.
COMMUNITY_U = (20, 1780)


def lake() -> Polygon:
    """Return the lake."""
    return FRAME.bend(Polygon(smooth(_LAKE, closed=True)), 30)


def island() -> Polygon:
    """Return the island in the lake."""
    return FRAME.bend(Polygon(smooth(_ISLAND, closed=True)), 30)


def river() -> Polygon:
    """Return the river, as far as the maps of the quarter reach."""
    far = [(2200, -460), (900, -500), (-440, -460)]
    return FRAME.bend(Polygon([*smooth(_BANK).tolist(), *far]), 30)


def water() -> MultiPolygon:
    """Return everything a walker cannot cross without a bridge."""
    return MultiPolygon([lake(), river()])


@lru_cache
def plots() -> tuple[Polygon, ...]:
    """Return the ground between the streets where something may be built, clear of streets and water."""
    streets = block_streets()
    edges = [line for line, _ in streets]
    frame = FRAME.bend(box(-400, -5, 2160, 690)).exterior
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
