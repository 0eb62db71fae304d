"""What a gate is at a moment, and why."""

import geopandas as gpd

from planner.model import Gates, gates_at
from tests.catchments.random_streets import METRES


def test_each_gate_says_what_it_is_and_why():
    table = gpd.GeoDataFrame(
        {
            "compound": "A",
            "pedestrian": [False, True, True, True, True],
            "hours": [None, "06:00-22:00", None, None, None],
            "closed_in_emergency": [False, False, True, False, False],
            "open_to_outsiders": [True, True, True, False, True],
        },
        index=list("abcde"),
        geometry=gpd.points_from_xy([0.0] * 5, [0.0] * 5),
        crs=METRES,
    )
    now = gates_at(Gates(table), "23:00", emergency=True)
    assert now.states == ["closed", "closed", "closed", "residents", "open"]
    assert now.reasons == ["no_walkers", "hours", "emergency", "outsiders", "as_stated"]
