"""A cell is drawn exactly if a home at its centre is covered: the picture and the walking costs are one truth."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catchments import draw_catchments, walking_costs
from planner.catchments.drawing import CELL_M
from planner.model import DIRECTIONS, WALKERS, Barriers, Compounds, Gates
from planner.network import enclose
from tests.catchments.random_streets import CORNER, METRES, SOUTH, WEST, build, random_network
from tests.catchments.test_costs import points, some_points
from tests.network.test_sight import random_barriers

#: Homes are given, and there are none: nothing is drawn for homes that might be there.
NOBODY = points([])


def centres(network, low=-300.0, high=750.0):
    """The centres of the cells of a town, which are counted from the corner of its streets."""
    corner = network.shape_xy.min(axis=0) - CORNER
    steps = (np.arange((low // CELL_M), (high // CELL_M)) + 0.5) * CELL_M
    return points(np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2) + corner)


def covered(network, homes, station, *standard, **options):
    costs = walking_costs(network, homes, station, *standard, **options)
    return np.diff(costs.walk.indptr) > 0


def dry(homes, bars):
    lakes = bars.table.geometry[bars.table["kind"] == "water"]
    return ~shapely.contains(lakes.union_all(), homes.geometry.to_numpy())


def standards(rng):
    """Minutes, or metres; and how far people go off the paths."""
    minutes = {"max_walk_min": float(rng.choice([0.3, 2.0, 6.0]))}
    limit = minutes if rng.random() < 0.7 else {"max_walk_m": float(rng.choice([50, 400]))}
    direction = str(rng.choice(list(DIRECTIONS)))
    return limit | {"max_off_path_m": float(rng.choice([30.0, 200.0])), "direction": direction}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_the_centres_inside_are_those_of_the_cells_that_are_covered(seed):
    """In random towns with private areas, steps, residents' passages, lakes, railways and walls."""
    rng = np.random.default_rng(seed)
    network, bars = random_network(seed), random_barriers(rng)
    station, walker = points(some_points(network, rng, 1)), str(rng.choice(list(WALKERS)))
    options = standards(rng) | ({"barriers": bars} if rng.random() < 0.7 else {})
    homes = centres(network)
    area = draw_catchments(network, station, walker, homes=NOBODY, **options).geometry.iloc[0]
    assert shapely.is_valid(area)
    expected = covered(network, homes, station, walker, **options)
    if "barriers" in options:
        expected &= dry(homes, bars)
    np.testing.assert_array_equal(shapely.contains_xy(area, *shapely.get_coordinates(homes.geometry).T), expected)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_the_centres_inside_walled_compounds_leave_as_their_homes_do(seed):
    """Some compounds have paths of their own, some straight lines to their gates, some gates that nobody knows."""
    rng = np.random.default_rng(seed)
    compounds = random_compounds(rng)
    inside = enclose(random_network(seed), compounds, random_gates(rng, compounds))
    network, gates = inside.network, inside.gates if len(inside.gates) else None
    shapes = inside.walls.geometry.to_numpy()
    walls = Barriers(gpd.GeoDataFrame({"kind": ["wall"] * len(shapes)}, geometry=shapes, crs=METRES))
    options = standards(rng) | {"gates": gates, "barriers": walls}
    homes = placed(centres(network), compounds)
    station = placed(points(some_points(network, rng, 1)), compounds)
    area = draw_catchments(network, station, "adult", compounds=compounds, homes=NOBODY, **options).geometry.iloc[0]
    expected = covered(network, homes, station, "adult", **options)
    np.testing.assert_array_equal(shapely.contains_xy(area, *shapely.get_coordinates(homes.geometry).T), expected)


def random_compounds(rng):
    count = int(rng.integers(1, 4))
    low = rng.uniform(0, 300, (count, 2)) + CORNER
    shapes = shapely.box(*low.T, *(low + rng.uniform(40, 200, (count, 2))).T)
    return Compounds(gpd.GeoDataFrame(index=pd.Index(list("ABC"[:count])), geometry=shapes, crs=METRES))


def random_gates(rng, compounds):
    """Up to three gates on the wall of most compounds."""
    names = [name for name in compounds.names for _ in range(int(rng.integers(0, 4)))]
    if not names:
        return None
    places = [compounds.walled[name].exterior.interpolate(rng.random(), normalized=True) for name in names]
    table = {"compound": names, "open": rng.random(len(names)) < 0.9, "admits_outsiders": rng.random(len(names)) < 0.8}
    ids = pd.Index([f"gate {number}" for number in range(len(names))])
    return Gates(gpd.GeoDataFrame(table, index=ids, geometry=places, crs=METRES))


def placed(homes, compounds):
    """Give homes the smallest compound that they lie in."""
    table = gpd.GeoDataFrame({"compound": pd.Series(None, index=homes.index, dtype=object)}, geometry=homes, crs=METRES)
    for name in compounds.walled.area.sort_values(ascending=False).index:
        table.loc[shapely.intersects(compounds.walled[name], homes.to_numpy()), "compound"] = name
    return table


def test_inside_a_compound_without_paths_the_way_leads_through_its_gate():
    """The wall from (100, 20) to (300, 120), its gate at (100, 70); the station on the street at (0, 0), y = 0.

    From (140, 70) it is 1.3 * 40 m to the gate, 70 m to the street and 100 m along it: 222 m. The street is 50 m nearer
    through the wall, so that (140, 40) would be reached in 180 m; through the gate it takes 65 + 70 + 100 = 235 m.
    """
    street = build([(0, 0), (400, 0)], [0], [1])
    wall = shapely.box(WEST + 100, SOUTH + 20, WEST + 300, SOUTH + 120)
    compounds = Compounds(gpd.GeoDataFrame(index=pd.Index(["A"]), geometry=[wall], crs=METRES))
    gate = [shapely.Point(WEST + 100, SOUTH + 70)]
    doors = Gates(gpd.GeoDataFrame({"compound": ["A"]}, index=["gate"], geometry=gate, crs=METRES))
    walls = Barriers(gpd.GeoDataFrame({"kind": ["wall"]}, geometry=[wall.exterior], crs=METRES))
    station = points([(0, 0)])

    def drawn(metres):
        options = {"max_walk_m": metres, "gates": doors, "barriers": walls, "compounds": compounds}
        return draw_catchments(street, station, "adult", homes=NOBODY, **options).geometry.iloc[0]

    places = shapely.points(np.array([(140, 70), (140, 40), (140, 10)]) + CORNER)
    assert shapely.contains(drawn(180), places).tolist() == [False, False, True]
    assert shapely.contains(drawn(226), places).tolist() == [True, False, True]
    assert shapely.contains(drawn(245), places).tolist() == [True, True, True]


def test_a_station_inside_a_compound_is_reached_straight_through_it():
    """Nobody else gets in: the gate is closed to outsiders, and only the compound itself is drawn."""
    street = build([(0, 0), (400, 0)], [0], [1])
    wall = shapely.box(WEST + 100, SOUTH + 20, WEST + 300, SOUTH + 120)
    compounds = Compounds(gpd.GeoDataFrame(index=pd.Index(["A"]), geometry=[wall], crs=METRES))
    gate = [shapely.Point(WEST + 100, SOUTH + 70)]
    table = {"compound": ["A"], "open": [True], "admits_outsiders": [False]}
    doors = Gates(gpd.GeoDataFrame(table, index=["gate"], geometry=gate, crs=METRES))
    station = gpd.GeoDataFrame({"compound": ["A"]}, index=["s"], geometry=points([(200, 70)]).to_numpy(), crs=METRES)
    options = {"max_walk_m": 65, "gates": doors, "compounds": compounds, "homes": NOBODY}
    area = draw_catchments(street, station, "adult", **options).geometry["s"]
    inside = shapely.Point(WEST + 200, SOUTH + 70).buffer(50).intersection(wall)
    assert area.symmetric_difference(inside).area < CELL_M * inside.length / 4
    assert area.hausdorff_distance(inside) < CELL_M
