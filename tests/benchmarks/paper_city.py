"""A made-up city on a lattice of streets, as the files of a study: nothing in it is real, and the seed says it all."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

CRS = "EPSG:4547"
BLOCK_M = 110.0
SOUTH_WEST = (500_000.0, 3_340_000.0)
#: Words of invented names: two of them and a kind make some thousands.
_FIRST = "安宁和顺福康泰兴盛华锦绣丽景湖江山林竹松梅兰桂荷"
_SECOND = "苑庭园居里坊府邸湾岸城台阁轩舍村"
_KINDS = ("小区", "一期", "二期", "家属院", "新村", "花园")

PLAN = """name = "纸上城"
crs = "{crs}"
synthetic = "街道、小区和站点均按规则生成，并非真实"
synthetic_en = "Streets, compounds and sites are made by rule; none is real"

[demand]
path = "compounds.gpkg"

[sites]
path = "sites.gpkg"

[network]
path = "streets.gpkg"

[[needs]]
group = "resident_population"
walker = "adult"
max_walk_min = 15

[[needs]]
group = "elderly_population"
walker = "elderly"
max_walk_min = 10

[worth]
time_limit_s = 0
"""


def write_paper_city(folder: Path, homes: int, sites: int, stations: int, segments: int, seed: int = 11) -> Path:
    """Write a study of so many compound polygons, sites (the first of them open today) and pieces of streets.

    Parameters
    ----------
    folder : Path
        Made if need be.
    homes, sites, stations, segments : int
        Polygons of 5 to 16 corners; sites of which the first `stations` are open; streets between crossings, about.
    seed : int

    Returns
    -------
    Path
        The folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    blocks = max(2, round((segments / 2) ** 0.5))
    _compounds(rng, homes, blocks).to_file(folder / "compounds.gpkg")
    _sites(rng, sites, stations, blocks).to_file(folder / "sites.gpkg")
    _streets(rng, blocks).to_file(folder / "streets.gpkg")
    (folder / "plan.toml").write_text(PLAN.format(crs=CRS), encoding="utf-8")
    return folder


def _compounds(rng: np.random.Generator, count: int, blocks: int) -> gpd.GeoDataFrame:
    """Each compound has a cell of a lattice of its own within the city, in no order of ids."""
    side = int(np.ceil(count**0.5))
    cell = BLOCK_M * blocks / side
    place = rng.permutation(side * side)[:count]
    corner = np.column_stack(np.divmod(place, side)) * cell + SOUTH_WEST
    people = rng.gamma(2.0, 160.0, count).round() + 1
    names = [_name(rng) for _ in range(count)]
    table = {
        "编号": [f"h{number:06d}" for number in range(count)],
        "名称": names,
        "常住人口": people,
        "60岁以上人口": np.floor(people * rng.uniform(0.1, 0.35, count)),
        "社区": [
            f"第{1 + x * 9 // side * 9 + y * 9 // side}社区" for x, y in zip(*np.divmod(place, side), strict=True)
        ],
    }
    shapes = [_outline(rng, middle, cell) for middle in corner + cell / 2]
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)


def _outline(rng: np.random.Generator, middle: np.ndarray, cell: float) -> shapely.Polygon:
    """Draw an outline around the middle of a cell, never over its edge."""
    corners = int(rng.integers(5, 17))
    turn = np.sort(rng.uniform(0, 2 * np.pi, corners) * 0.2 + np.linspace(0, 2 * np.pi, corners, endpoint=False) * 0.8)
    reach = cell * rng.uniform(0.24, 0.46, corners)
    return shapely.Polygon(middle + np.column_stack([np.cos(turn), np.sin(turn)]) * reach[:, None])


def _sites(rng: np.random.Generator, count: int, stations: int, blocks: int) -> gpd.GeoDataFrame:
    where = np.array(SOUTH_WEST) + rng.uniform(0, BLOCK_M * blocks, (count, 2))
    table = {
        "编号": [f"s{number:04d}" for number in range(count)],
        "名称": [f"{_name(rng)}驿站" for _ in range(count)],
        "状态": ["现有" if number < stations else "候选" for number in range(count)],
        "造价(元)": rng.integers(5, 40, count) * 10_000,
    }
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(*where.T), crs=CRS)


def _streets(rng: np.random.Generator, blocks: int) -> gpd.GeoDataFrame:
    """Return streets along a lattice whose crossings are moved a little, every eighth one a main road."""
    step = np.arange(blocks + 1)
    crossing = np.stack(np.meshgrid(step, step), axis=-1) * BLOCK_M + SOUTH_WEST
    crossing = crossing + rng.uniform(-12, 12, crossing.shape)
    along = np.stack([crossing[:, :-1], crossing[:, 1:]], axis=2).reshape(-1, 2, 2)
    across = np.stack([crossing[:-1], crossing[1:]], axis=2).reshape(-1, 2, 2)
    kinds = np.where(step % 8 == 0, "secondary", np.where(step % 4 == 0, "tertiary", "residential"))
    highway = np.concatenate([np.repeat(kinds, blocks), np.tile(kinds, blocks)])
    return gpd.GeoDataFrame(
        {"highway": highway}, geometry=shapely.linestrings(np.concatenate([along, across])), crs=CRS
    )


def _name(rng: np.random.Generator) -> str:
    first, second = rng.integers(len(_FIRST), size=2), rng.integers(len(_SECOND))
    number = int(rng.integers(1, 100))
    return f"{_FIRST[first[0]]}{_FIRST[first[1]]}{_SECOND[second]}{_KINDS[number % len(_KINDS)]}{number}"
