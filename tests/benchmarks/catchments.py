"""Catchment polygons against Valhalla's isochrones."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

import planner
from tests.benchmarks.engine import WALKER, porto
from tests.benchmarks.timing import Measured, alone, compare, installed
from tests.real_data import real_data

COUNT = 2000
#: Valhalla draws one after the other, so that some are enough.
SOME = 200


def many_catchments() -> Measured:
    """2,000 stations, 15 minutes."""
    network = porto()
    chosen = np.random.default_rng(3).choice(network.node_count, size=COUNT, replace=False)
    stations = gpd.GeoSeries(shapely.points(network.node_xy[chosen]), index=[str(k) for k in chosen], crs=network.crs)

    def ours() -> gpd.GeoDataFrame:
        return planner.draw_catchments(network, stations, WALKER, 15)

    work, peer = f"{COUNT:,} catchment polygons of 15 min, Porto", "Valhalla isochrones"
    floor = f"{COUNT * 0.005:g} s (5 ms each)"
    if not installed("valhalla"):
        return alone(work, ours, peer, floor, 1)
    with tempfile.TemporaryDirectory() as folder:
        draw = _valhalla(Path(folder))
        lonlat = stations.to_crs(4326).get_coordinates().to_numpy()[:SOME].tolist()
        remark = f"Valhalla drew {SOME} of them, its time × {COUNT // SOME}; tiles made before"
        ours()
        return compare(work, ours, peer, lambda: [draw(*place) for place in lonlat], floor, 1, remark, SOME / COUNT)


def _valhalla(folder: Path) -> Callable[[float, float], object]:
    """Make Valhalla's tiles of Porto and return what draws one isochrone at 1 m/s."""
    import valhalla

    config = valhalla.get_config(tile_extract="", tile_dir=str(folder), verbose=False)
    config["mjolnir"] |= {"tile_extract": "", "concurrency": 2}
    (folder / "valhalla.json").write_text(json.dumps(config), encoding="utf-8")
    build = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    streets = str(real_data("porto/porto.osm.pbf"))
    command = [str(build), "-c", str(folder / "valhalla.json"), streets]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)  # it leaves files where it runs
    actor = valhalla.Actor(str(folder / "valhalla.json"))

    def draw(lon: float, lat: float) -> object:
        return actor.isochrone(
            {
                "locations": [{"lon": lon, "lat": lat}],
                "costing": "pedestrian",
                "costing_options": {"pedestrian": {"walking_speed": 3.6}},
                "contours": [{"time": 15}],
                "polygons": True,
            }
        )

    return draw


MEASURES = (many_catchments,)
