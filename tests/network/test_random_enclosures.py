"""Random towns with walls: the same walks as by networkx, and what must hold whatever the gates."""

import dataclasses

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catchments import find_routes, walking_costs, walks_to_nearest
from planner.coverage import coverage_interval, measure_need
from planner.model import Barriers, Compounds, Demand, Gates, Need, ServiceStandard
from planner.network.enclosures import enclose
from tests.catchments.random_streets import METRES
from tests.catchments.test_costs import PLAIN
from tests.network.lattice import Lattice

towns = given(seed=st.integers(0, 10**6))
few = settings(max_examples=25, deadline=None)


def walks_m(town, gates, compounds=None, points=None):
    found = enclose(town.network, compounds or town.compounds(), gates)
    points = town.points() if points is None else points
    walls = Barriers.of({"wall": found.walls}, METRES)
    costs = walking_costs(found.network, points, points, PLAIN, 60 * 24, gates=found.gates, barriers=walls).to_frame()
    return {pair: round(minutes * 60, 3) for pair, minutes in costs["walk_min"].items()}


@towns
@few
def test_walks_are_those_of_networkx(seed):
    town = Lattice(seed)
    expected = town.walks_m()
    found = walks_m(town, town.gates())
    assert found.keys() == expected.keys()
    assert all(abs(found[pair] - expected[pair]) < 0.1 for pair in expected)


@towns
@few
def test_closing_a_gate_or_keeping_it_for_residents_brings_nobody_nearer(seed):
    town = Lattice(seed)
    gates = town.gates()
    if gates is None:
        return
    before = walks_m(town, gates)
    rng = np.random.default_rng(seed)
    one = rng.integers(len(gates))
    for column in (["open", "admits_outsiders"], ["admits_outsiders"]):
        table = gates.table.copy()
        table.loc[table.index[one], column] = False
        after = walks_m(town, Gates(table))
        assert all(pair in before and before[pair] <= walk for pair, walk in after.items())


@towns
@settings(max_examples=10, deadline=None)
def test_the_order_of_rows_changes_nothing(seed):
    town = Lattice(seed)
    gates, points = town.gates(), town.points()
    turned_gates = None if gates is None else dataclasses.replace(gates, table=gates.table.iloc[::-1])
    turned = walks_m(town, turned_gates, Compounds(town.compounds().table.iloc[::-1]), points.iloc[::-1])
    assert walks_m(town, gates) == turned


@towns
@settings(max_examples=15, deadline=None)
def test_the_interval_holds_what_was_measured_and_no_single_gate_leaves_fewer(seed):
    town = Lattice(seed)
    found = enclose(town.network, town.compounds(), None)
    if not found.assumed:
        return
    points = town.points()
    homes = Demand(points.assign(residents=np.arange(1.0, len(points) + 1)), ("residents",))
    stations = points.iloc[:2]
    need = Need("residents", PLAIN, ServiceStandard(max_walk_m=2500))

    def measure(gates):
        free = found.all_sides_open
        network, walls = (free.network, free.walls) if gates is None else (found.under(gates), found.walls)
        nearest = walks_to_nearest(
            network,
            homes.table,
            stations,
            PLAIN,
            metres=True,
            gates=free.gates if gates is None else gates,
            barriers=Barriers.of({"wall": walls}, METRES),
        )
        return measure_need(homes, need, nearest)

    measured = measure(found.gates)
    interval = coverage_interval(measured, found.gates, pd.Series(stations["compound"]), measure)
    assert interval.low <= measured.covered <= interval.high
    if len(found.assumed) == 1:
        rows = found.gates.table.index
        shut = [Gates(found.gates.table.assign(open=rows == gate, admits_outsiders=rows == gate)) for gate in rows]
        assert interval.low == min(measure(gates).covered for gates in shut)


@towns
@settings(max_examples=8, deadline=None)
def test_routes_and_the_nearest_station_agree_with_the_walks(seed):
    town = Lattice(seed)
    found = enclose(town.network, town.compounds(), town.gates())
    homes, stations = town.points(), town.points().iloc[:3]
    options = {"gates": found.gates, "barriers": Barriers.of({"wall": found.walls}, METRES)}
    costs = walking_costs(found.network, homes, stations, PLAIN, 60 * 24, **options).to_frame()["walk_min"]
    for station in stations.index:
        routes = find_routes(found.network, homes, stations.loc[[station]], PLAIN, **options)["walk_min"].dropna()
        alone = costs.xs(station, level="destination")
        assert routes.sort_index().round(6).to_dict() == alone.sort_index().round(6).to_dict()
    nearest = walks_to_nearest(found.network, homes, stations, PLAIN, **options)
    best = costs.groupby(level="origin").min()
    reached = pd.Series(nearest.walk / 60_000, nearest.origins)[nearest.reached]
    assert reached.sort_index().round(6).to_dict() == best.sort_index().round(6).to_dict()
