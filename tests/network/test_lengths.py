"""Lengths are geodesic."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from planner.network.lengths import segment_length_m

GEOD = Geod(ellps="WGS84")


@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-75, 75),
    bearing=st.floats(0, 360),
    length_m=st.floats(0.5, 5000),
)
def test_within_a_millionth_of_the_geodesic(lon: float, lat: float, bearing: float, length_m: float) -> None:
    lon_b, lat_b, _ = GEOD.fwd(lon, lat, bearing, length_m)
    measured = segment_length_m(*(np.array([value]) for value in (lon, lat, lon_b, lat_b)))
    assert abs(measured[0] / length_m - 1) < 1e-6


def test_nothing_is_nothing() -> None:
    here = np.array([114.3]), np.array([30.0])
    assert segment_length_m(*here, *here).tolist() == [0.0]
