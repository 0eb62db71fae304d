"""What the streets are worth for the homes of a study, on towns that can be counted by hand."""

import json
import math

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.catchments import walking_costs
from planner.coverage import judge, street_data, street_document, street_sentences
from planner.coverage.street_verdict import CRITERIA
from planner.model import CandidateSites, Demand, Need, ServiceStandard
from tests.catchments.random_streets import CORNER, METRES, build
from tests.catchments.test_costs import PLAIN, points

NEED = Need("resident_population", PLAIN, ServiceStandard(max_walk_min=60))


def lattice(size=1000, step=100, more=()):
    """Streets every `step` metres, and `more` paths from (x, y) to (x, y) that meet nothing."""
    ticks = range(0, size + 1, step)
    number = {(x, y): k for k, (x, y) in enumerate((x, y) for x in ticks for y in ticks)}
    links = [(number[x, y], number[x + step, y]) for x, y in number if x < size]
    links += [(number[x, y], number[x, y + step]) for x, y in number if y < size]
    nodes = list(number)
    for begin, end in more:
        links.append((len(nodes), len(nodes) + 1))
        nodes += [begin, end]
    return build(nodes, *np.array(links).T)


def demand(homes, outlines=None):
    """Homes from {id: (x, y, people)}."""
    table = gpd.GeoDataFrame(
        {"resident_population": [float(people) for _, _, people in homes.values()], "name": None},
        index=list(homes),
        geometry=list(points([(x, y) for x, y, _ in homes.values()])),
        crs=METRES,
    )
    return Demand(table, ("resident_population",), shapes=outlines)


def sites(*at):
    columns = {"name": "s", "status": "candidate", "cost_cny": 0.0, "functions": ""}
    ids = [f"s{k}" for k in range(len(at))]
    return CandidateSites(gpd.GeoDataFrame(columns, index=ids, geometry=list(points(at)), crs=METRES))


def measured(network, homes, *at, **options):
    people, stations = demand(homes, **options), sites(*at or [(0, 0)])
    costs = walking_costs(network, people.table, stations.table, PLAIN, 60)
    return street_data(network, people, stations, NEED, costs)


def test_distances_to_the_nearest_path_are_those_of_people():
    """Ten live 10 m from a street, eighty 50 m from one (which is not beyond 50), ten 150 m outside of the town."""
    homes = {"near": (210, 250, 10), "middle": (550, 550, 80), "out": (1150, 500, 10)}
    streets = measured(lattice(), homes)
    assert streets.off_path_m == pytest.approx((50, 50, 150))
    assert streets.share_beyond == (0.1, 0.1, 0.0)


def test_homes_on_a_piece_of_network_of_their_own_are_named():
    """The island's path is 900 m long; a scrap of 50 m beside the town strands nobody."""
    network = lattice(more=[((2000, 0), (2000, 900)), ((1050, 210), (1050, 260))])
    streets = measured(
        network, {"a": (500, 510, 60), "i1": (2010, 100, 10), "i2": (2010, 700, 25), "b": (1060, 230, 5)}
    )
    (island,) = streets.islands
    assert (island.names, island.homes, island.people, island.path_m) == (("i2", "i1"), 2, 35, 900)
    assert streets.share_on_islands == pytest.approx(0.35)
    assert (streets.pieces, streets.share_outside) == (3, pytest.approx(950 / (22_000 + 950)))


def test_homes_with_hardly_any_path_around_are_one_place():
    """Beside the town one road of 3 km; in the 500 m around h1 and h2 there are 500 m of it, and nothing else.

    h3 stands at the road itself.
    """
    network = lattice(more=[((1000, 3000), (4000, 3000))])
    streets = measured(
        network, {"t": (500, 500, 70), "h1": (2520, 3060, 10), "h2": (2600, 3080, 20), "h3": (2700, 3010, 0.5)}
    )
    (place,) = streets.empty
    assert (place.names, place.homes, place.people) == (("h2", "h1"), 2, 30)
    assert place.path_m == pytest.approx(500, rel=0.05)
    assert streets.share_in_empty == pytest.approx(0.3, rel=0.01)


def test_the_detour_is_the_walk_by_the_straight_line():
    """From corner to corner of the lattice: 2000 m for 1414 m; a home 100 m from a site tells nothing."""
    streets = measured(lattice(), {"far": (1000, 1000, 1), "near": (100, 0, 1)}, (0, 0))
    assert (streets.detour, streets.detour_pairs) == (pytest.approx(math.sqrt(2)), 1)


def test_compounds_with_a_path_inside_are_counted_and_buildings_are_not():
    homes = {"h": (150, 150, 1), "i": (250, 260, 1)}
    squares = [shapely.box(105, 105, 195, 195), shapely.box(150, 150, 320, 320)]
    placed = [shapely.transform(one, lambda xy: xy + CORNER) for one in squares]
    outlines = gpd.GeoSeries(placed, index=list(homes), crs=METRES)
    assert measured(lattice(), homes, outlines=outlines).share_with_paths == 0.5
    buildings = outlines.scale(0.2, 0.2)
    assert math.isnan(measured(lattice(), homes, outlines=buildings).share_with_paths)


def test_rows_in_another_order_change_nothing():
    network = lattice(more=[((2000, 0), (2000, 900))])
    homes = {"a": (500, 510, 60), "i": (2010, 100, 10), "j": (2010, 700, 10), "f": (1500, 1500, 7)}
    one, other = measured(network, homes), measured(network, dict(reversed(homes.items())))
    assert street_document(one) == street_document(other)


def test_a_dense_town_is_usable():
    streets = measured(lattice(), {"h": (500, 510, 10)}, (500, 10))
    assert judge(streets).grade == "usable"
    assert street_sentences(streets)[0].zh.startswith("路网数据可用")


def test_a_town_of_few_streets_is_too_thin_and_the_reasons_are_told_with_their_bounds():
    streets = measured(lattice(step=500), {"h": (250, 260, 10), "i": (750, 740, 10)}, (0, 0))
    verdict = judge(streets)
    assert verdict.grade == "too_thin"
    assert {one.code for one in verdict.criteria} >= {"beyond_100_m"}
    told = " ".join(sentence.en for sentence in street_sentences(streets))
    assert "100.0% (care above 10.0%, too thin above 30.0%)" in told
    assert "no standard" in told
    assert "detour_factor" in told


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda criterion: criterion.code)
def test_the_bounds_themselves_are_still_good_enough(criterion):
    class Figures:
        def __getattr__(self, name):
            return (criterion.care,) * 3 if name == "share_beyond" else criterion.care

    assert criterion.grade(Figures()) == "usable"


def test_the_document_is_json_without_nan():
    streets = measured(lattice(), {"h": (5000, 5000, 10)})
    text = json.dumps(street_document(streets), allow_nan=False)
    assert json.loads(text)["off_path_m"]["max"] == 2000
