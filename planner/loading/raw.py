"""What every reader returns: a file's own columns and rows, before anybody asked what they mean."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from planner.errors import Fault
from planner.model import Note


@dataclass(frozen=True, eq=False)
class RawTable:
    """A table as it stands in its file.

    Parameters
    ----------
    source : str
        The file's name, as faults and notes show it.
    table : DataFrame
        The file's columns under their own names; the index is the row in the file as a spreadsheet counts it, or the
        number of the feature. Cells are text, numbers or missing.
    geometry : GeoSeries, optional
        On the index of the table; without a coordinate system where the file declares none.
    declared : CRS, optional
        The coordinate system the file itself declares.
    by_default : bool
        The declared system is only the default of the file's format (GeoJSON without a `crs` member).
    notes : tuple of Note
    faults : tuple of Fault
        What the reader found wrong, to be told together with all other faults of the file.
    """

    source: str
    table: pd.DataFrame
    geometry: gpd.GeoSeries | None = None
    declared: CRS | None = None
    by_default: bool = False
    notes: tuple[Note, ...] = ()
    faults: tuple[Fault, ...] = ()
