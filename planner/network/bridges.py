"""Where paths leave the ground: bridges and tunnels of a file of streets. The network itself does not know them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from planner.network.degrees import from_degrees
from planner.network.load import reader_of


def lines_off_ground(
    path: str | Path,
    crs: CRS,
    *,
    layer_crs: str | None = None,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
) -> npt.NDArray[np.object_]:
    """Return bridges and tunnels that people walk on, as lines in a metric system.

    Parameters
    ----------
    path : path
        Any file that `load_network` reads; the other parameters are the same as there.
    crs : CRS

    Returns
    -------
    array of LineString
    """
    source = Path(path)
    ways = reader_of(source)(source, layer_crs=layer_crs, columns=columns or {}, layer=layer).ways
    off_ground = np.array([each.off_ground for each in ways.classes], dtype=bool)[ways.way_class]
    way = np.repeat(np.arange(len(ways)), np.diff(ways.first))
    kept = off_ground[way] & np.isfinite(ways.lon)
    whole = np.bincount(way[kept], minlength=len(ways)) > 1
    kept &= whole[way]
    if not kept.any():
        return np.empty(0, dtype=object)
    xy = np.column_stack(from_degrees(crs).transform(ways.lon[kept], ways.lat[kept]))
    return shapely.linestrings(xy, indices=np.unique(way[kept], return_inverse=True)[1])
