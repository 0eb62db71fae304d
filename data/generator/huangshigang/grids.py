"""Ten management grids that part the community without gap or overlap."""

from __future__ import annotations

from functools import lru_cache

import geopandas as gpd
import numpy as np
import shapely
from shapely import Point, Polygon

from generator.huangshigang.land import water
from generator.huangshigang.sheet import FRAME

#: On the sheet: west, east, river side, lake side. A place belongs to the first grid with a rectangle that holds it.
_RECTANGLES = (
    ((20, 180, 0, 210),),
    ((180, 620, 0, 210), (300, 620, 210, 390)),
    ((20, 300, 210, 390),),
    ((620, 1000, 0, 390),),
    ((20, 460, 390, 720),),
    ((460, 860, 390, 1260),),
    ((860, 1300, 0, 720),),
    ((1300, 1540, 390, 720),),
    ((1300, 1780, 0, 720),),
    ((1780, 2260, 0, 720),),
)
#: Sides of the small cells that grids are put together from; every line above is a multiple of both.
_CELL_U, _CELL_V = 20, 30


@lru_cache
def grids() -> gpd.GeoDataFrame:
    """Return the grids: `grid_id`, `name`, `community`, polygons in the metric system."""
    dry = [Polygon(_largest(shape.difference(water())).exterior) for shape in _whole_grids()]
    names = [f"第{number}网格" for number in range(1, len(dry) + 1)]
    codes = [f"WG{number:02d}" for number in range(1, len(dry) + 1)]
    return gpd.GeoDataFrame(
        {"网格编号": codes, "网格名称": names, "所属社区": "黄石港社区", "synthetic": "合成 synthetic"},
        geometry=dry,
        crs=FRAME.epsg,
    )


def grid_at(point: Point) -> str:
    """Return the name of the grid that holds a point."""
    table = grids()
    holding = table[table.covers(point)]
    if len(holding) != 1:
        raise ValueError(f"{len(holding)} grids hold {point}")
    return str(holding["网格名称"].iloc[0])


def _whole_grids() -> list[shapely.Geometry]:
    cells: list[list[Polygon]] = [[] for _ in _RECTANGLES]
    for u in range(20, 2260, _CELL_U):
        for v in range(0, 1260, _CELL_V):
            number = _number_at(u + _CELL_U / 2, v + _CELL_V / 2)
            if number is not None:
                cells[number].append(_cell(u, v))
    return [shapely.union_all(parts) for parts in cells]


def _number_at(u: float, v: float) -> int | None:
    holding = [
        number
        for number, rectangles in enumerate(_RECTANGLES)
        for west, east, river, lake in rectangles
        if west <= u < east and river <= v < lake
    ]
    return holding[0] if holding else None


def _cell(u: float, v: float) -> Polygon:
    corners = [(u, v), (u + _CELL_U, v), (u + _CELL_U, v + _CELL_V), (u, v + _CELL_V)]
    return Polygon(np.round(FRAME.place(corners), 3))


def _largest(shape: shapely.Geometry) -> Polygon:
    return max(shapely.get_parts(shape), key=lambda part: part.area)
