"""Plans on real streets end in proven plans and honest warnings."""

import json
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

import planner
from planner.check import check_study
from planner.coverage import judge
from planner.network.scraps import scrap_edges
from tests import real_places


def codes(plan: planner.Plan) -> set[str]:
    return {note.code for note in plan.notes}


def written(plan: planner.Plan, folder: Path) -> dict[str, object]:
    planner.write_outputs(plan, folder / "out")
    return json.loads((folder / "out" / "plan.json").read_text(encoding="utf-8"))


def test_guixi_is_planned_from_its_buildings_and_says_they_are_estimates(tmp_path: Path) -> None:
    plan = planner.make_plan(real_places.guixi(tmp_path))
    assert plan.solution.status == "optimal"
    assert len(plan.solution.opened) == 5
    assert "demand.estimated" in codes(plan)
    assert plan.after.needs[0].covered > 0
    assert written(plan, tmp_path)["needs"][0]["people"] == pytest.approx(plan.after.needs[0].people, abs=0.01)


def test_ninghua_is_too_sparse_and_the_plan_says_so(tmp_path: Path) -> None:
    plan = planner.make_plan(real_places.ninghua(tmp_path))
    warnings = [note for note in plan.notes if note.level == "warning"]
    assert warnings
    assert any("29" in note.text.en or "sparse" in note.text.en or "footway" in note.text.en for note in warnings)
    measured = plan.after.needs[0]
    assert measured.people == 3600
    assert measured.covered + measured.unreachable <= measured.people
    written(plan, tmp_path)


def test_futian_is_planned_on_an_osmnx_graph(tmp_path: Path) -> None:
    plan = planner.make_plan(real_places.futian(tmp_path))
    assert plan.solution.status == "optimal"
    assert plan.after.needs[0].covered > plan.before.needs[0].covered == 0
    written(plan, tmp_path)


def test_haidian_is_planned_from_its_buildings_and_keeps_private_ways_marked(tmp_path: Path) -> None:
    plan = planner.make_plan(real_places.haidian(tmp_path))
    assert plan.solution.status == "optimal"
    assert len(plan.background.buildings) > 300
    assert "© OpenStreetMap" in " ".join(plan.network.attribution)
    written(plan, tmp_path)


def test_wuhan_is_planned_whole_with_neighbourhoods_in_gcj_02(tmp_path: Path) -> None:
    plan = planner.make_plan(real_places.wuhan(tmp_path))
    assert plan.solution.status == "optimal"
    assert len(plan.demand) == 776
    assert 6_000 < plan.network.length_m.sum() / 1000 < 7_185  # motorways are left out
    assert 0.1 < plan.after.needs[0].share_covered < 1
    written(plan, tmp_path)


def test_wuhans_undeclared_system_is_noticed_when_declared_wrongly(tmp_path: Path) -> None:
    real_places.wuhan(tmp_path)
    study = planner.load_study(planner.read_plan(tmp_path, {"demand.crs": "EPSG:4326"}))
    assert any("GCJ-02" in note.text.en for note in study.notes if note.level == "warning")


def test_wuhans_population_cells_are_demand(tmp_path: Path) -> None:
    plan = planner.make_plan(real_places.wuhan_cells(tmp_path))
    assert len(plan.demand) > 1000
    assert plan.after.needs[0].need.group == "elderly_population"
    assert plan.solution.status == "optimal"
    written(plan, tmp_path)


def test_walks_on_real_streets_equal_an_independent_search(tmp_path: Path) -> None:
    config = real_places.futian(tmp_path)
    study = planner.load_study(config)
    walker = planner.Walker("plain", speed_m_s=1.25)
    network = study.network
    forward, _ = network.walk_ms(walker)
    graph = nx.MultiGraph()
    public = network.private_area == 0
    graph.add_edges_from(
        (int(a), int(b), {"ms": int(ms)})
        for a, b, ms in zip(network.start[public], network.end[public], forward[public], strict=True)
    )
    scraps = scrap_edges(network)
    beside_scraps = {*network.start[scraps].tolist(), *network.end[scraps].tolist()}
    nodes = sorted(set(graph) - beside_scraps)[::50]
    points = study.demand.table.iloc[: len(nodes)].copy()
    points = points.set_geometry(points.geometry.set_crs(network.crs, allow_override=True))
    points["geometry"] = [_corner(network, node) for node in nodes[: len(points)]]
    points.index = [str(node) for node in nodes[: len(points)]]
    walks = planner.walking_costs(network, points, points, walker, 15).to_frame()["walk_min"]
    for origin in points.index[:10]:
        judged = nx.single_source_dijkstra_path_length(graph, int(origin), cutoff=900_000, weight="ms")
        ours = walks.loc[origin]
        expected = {str(node): ms / 60_000 for node, ms in judged.items() if str(node) in points.index}
        assert set(ours.index) == set(expected)
        assert np.allclose([ours[node] for node in expected], list(expected.values()), atol=1e-4)


def _corner(network: planner.WalkNetwork, node: int) -> object:
    import shapely

    return shapely.Point(network.node_xy[node])


@pytest.mark.parametrize(
    ("place", "grade"),
    [
        (real_places.helsinki, "usable"),
        (real_places.porto, "usable"),
        (real_places.haidian, "usable"),
        (real_places.guixi, "too_thin"),
        (real_places.ninghua, "too_thin"),
        (real_places.wuhan, "too_thin"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_the_check_tells_streets_that_carry_a_result_from_a_sketch(place: object, grade: str, tmp_path: Path) -> None:
    """As somebody would who knows the places: Wuhan's file holds the carriageways of a city, and nothing between."""
    report = check_study(place(tmp_path))
    assert judge(report.streets).grade == grade
    assert report.to_dict()["streets"]["grade"] == grade


def test_homes_beyond_the_edge_of_the_streets_are_named_with_their_place(tmp_path: Path) -> None:
    """The lattice over Chegongmiao reaches beyond what the file holds."""
    streets = check_study(real_places.futian(tmp_path)).streets
    assert judge(streets).grade != "usable"
    assert all(113.9 < place.lon < 114.2 and 22.4 < place.lat < 22.7 for place in streets.empty)
    assert streets.empty[0].path_m < 1000
