"""Coordinates that cannot be right are refused, with what is probably wrong."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist

from planner.errors import CrsError, InputError
from planner.loading import load_demand, study_crs
from planner.loading.positions import DOUBTFUL_M, scattered
from tests.loading.plans import plan, write_csv

HEADER = ("小区名称", "常住人口", "X", "Y")
GOOD = [("东苑", 1, 115.070, 30.210), ("西苑", 2, 115.072, 30.212), ("北苑", 3, 115.074, 30.214)]


def load(folder, rows, crs="EPSG:4326"):
    write_csv(folder, [HEADER, *rows])
    config = plan(folder, {"path": "homes.csv", "crs": crs})
    return load_demand(config, study_crs(config))


def swapped(row):
    return (*row[:2], row[3], row[2])


def test_a_file_with_longitude_and_latitude_swapped_is_refused(tmp_path):
    with pytest.raises(CrsError, match="swapped"):
        load(tmp_path, [swapped(row) for row in GOOD])


def test_one_swapped_row_is_named(tmp_path):
    with pytest.raises(InputError, match="swapped") as refused:
        load(tmp_path, [*GOOD[:2], swapped(GOOD[2])])
    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(4, "X")]


def test_metres_declared_as_degrees_are_refused(tmp_path):
    with pytest.raises(CrsError, match="metres"):
        load(tmp_path, [("东苑", 1, 603_000, 3_343_000)])


def test_degrees_declared_as_metres_are_refused(tmp_path):
    with pytest.raises(CrsError, match="degrees"):
        load(tmp_path, GOOD, "EPSG:4547")


def test_northings_in_x_as_surveyors_write_them_are_refused(tmp_path):
    with pytest.raises(CrsError, match="swapped"):
        load(tmp_path, [("东苑", 1, 3_343_000, 603_000)], "EPSG:4547")


def test_eastings_with_a_zone_in_the_plain_system_are_refused_with_the_right_one(tmp_path):
    with pytest.raises(CrsError, match="EPSG:4526"):
        load(tmp_path, [("东苑", 1, 38_603_000, 3_343_000)], "EPSG:4547")


def test_eastings_without_a_zone_in_the_zoned_system_are_refused_with_the_right_one(tmp_path):
    with pytest.raises(CrsError, match="EPSG:4547"):
        load(tmp_path, [("东苑", 1, 603_000, 3_343_000)], "EPSG:4526")


def test_both_ways_to_write_a_zone_give_the_same_place(tmp_path):
    plain = load(tmp_path, [("东苑", 1, 603_000, 3_343_000)], "EPSG:4547").table.geometry.iloc[0]
    zoned = load(tmp_path, [("东苑", 1, 38_603_000, 3_343_000)], "EPSG:4526").table.geometry.iloc[0]
    assert plain.distance(zoned) < 1e-3


def test_zero_zero_is_no_place(tmp_path):
    with pytest.raises(InputError, match="0, 0"):
        load(tmp_path, [*GOOD, ("南苑", 1, 0, 0)])


def test_a_point_60_km_away_is_doubted_and_named(tmp_path):
    demand = load(tmp_path, [*GOOD, ("南苑", 1, 115.7, 30.21)])
    (note,) = [note for note in demand.notes if note.code == "positions.far_from_the_rest"]
    assert note.level == "warning"
    assert "rows 5" in note.text.en


def test_a_point_on_the_other_side_of_the_country_is_a_fault(tmp_path):
    with pytest.raises(InputError, match="km from the others"):
        load(tmp_path, [*GOOD, ("南苑", 1, 105.07, 30.21)])


def test_a_small_study_has_no_far_points(tmp_path):
    assert not [note for note in load(tmp_path, GOOD).notes if note.code.startswith("positions")]


@example([(34, 0), (84, 18), (84, 18)])  # 50 km apart along both axes, 53 km as the crow flies
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=2, max_size=25))
def test_groups_of_points_are_those_of_single_linkage(places):
    """SciPy's single linkage at 50 km is the peer; points within a cell of the limit are left out of the comparison."""
    xy_m = np.array(places, dtype=float) * 1000
    links = linkage(pdist(xy_m), "single")
    if np.any(np.abs(links[:, 2] - DOUBTFUL_M) < 3000):
        return
    group = fcluster(links, DOUBTFUL_M, "distance")
    sizes = np.bincount(group)
    if (sizes == sizes.max()).sum() > 1:
        return
    assert ((scattered(xy_m) == 0) == (group == sizes.argmax())).all()
