"""The background sheet: how far it reaches, and how much of the town it can show and still open at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer

from planner.mapping.packing import COARSE_UNIT, FINE_UNIT, Packing, packing_for
from planner.plan import Plan

MARGIN_SHARE = 0.12
MIN_MARGIN_M = 150.0
#: The study fills a screen of either shape, and the sheet reaches to its edges: width / height, height / width.
WIDE_SCREEN = 1.5
TALL_SCREEN = 1.5
#: A town is drawn to half a metre; a city of 50 km to 6 m, less than one dot of any screen.
TOLERANCE_SHARE = 1 / 8_000
TOLERANCE_LIMITS_M = (0.4, 6.0)


@dataclass(frozen=True)
class Sheet:
    """The rectangle that is drawn, in the study's metric system, and how finely.

    Parameters
    ----------
    study, drawn : tuple of float
        West, south, east, north of what the plan is about, and of what is drawn around it; metres.
    crs : CRS
    tolerance_m : float
        Lines are simplified by at most this much.
    """

    study: tuple[float, float, float, float]
    drawn: tuple[float, float, float, float]
    crs: CRS
    tolerance_m: float

    @cached_property
    def packing(self) -> Packing:
        """How this sheet's coordinates are packed."""
        return packing_for(self.degrees(self.drawn), COARSE_UNIT if self.tolerance_m > 2 else FINE_UNIT)

    def degrees(self, bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """Return the box in degrees around a box of the sheet."""
        west, south, east, north = self._transformer.transform_bounds(*bounds)
        return west, south, east, north

    def corners(self, bounds: tuple[float, float, float, float]) -> list[list[float]]:
        """Return the same box as Leaflet wants it: its south-western and its north-eastern corner."""
        west, south, east, north = (round(value, 6) for value in self.degrees(bounds))
        return [[south, west], [north, east]]

    def geographic(self, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
        """Return shapes of the study in degrees."""

        def to_degrees(metres: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            return np.column_stack(self._transformer.transform(metres[:, 0], metres[:, 1]))

        return np.asarray(shapely.transform(shapes, to_degrees))

    def points(self, points: gpd.GeoSeries) -> list[int]:
        """Return points of the study packed as steps from one to the next."""
        return self.packing.steps(shapely.get_coordinates(self.geographic(points.to_numpy())))

    def cut(self, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
        """Return what lies on the sheet, simplified."""
        west, south, east, north = self.drawn
        box = shapely.bounds(shapes)
        apart = (box[:, 0] > east) | (box[:, 2] < west) | (box[:, 1] > north) | (box[:, 3] < south)
        near, box = shapes[~apart], box[~apart]
        across = (box[:, 0] < west) | (box[:, 2] > east) | (box[:, 1] < south) | (box[:, 3] > north)
        near[across] = shapely.clip_by_rect(shapely.make_valid(near[across]), *self.drawn)
        simple = shapely.simplify(near, self.tolerance_m, preserve_topology=False)
        return np.asarray(simple[~shapely.is_empty(simple)])

    def areas(self, shapes: gpd.GeoSeries) -> list[list[list[int]] | None]:
        """Return areas, or lines, of the study packed one by one, simplified; None where there is none."""
        outlines = np.asarray(shapes.to_numpy(), dtype=object)
        present = shapely.is_geometry(outlines) & ~shapely.is_empty(outlines)
        drawn = np.full(len(outlines), None, dtype=object)
        drawn[present] = self.geographic(shapely.simplify(outlines[present], self.tolerance_m))
        return self.packing.areas(drawn)

    @cached_property
    def _transformer(self) -> Transformer:
        return Transformer.from_crs(self.crs, 4326, always_xy=True)


def sheet_for(plan: Plan) -> Sheet:
    """Return the sheet for a plan: homes, sites, grids and catchments with a margin around them."""
    return sheet_around(_study_bounds(plan), CRS(plan.demand.table.crs))


def sheet_around(study: tuple[float, float, float, float], crs: CRS) -> Sheet:
    """Return the sheet for west, south, east, north in metres, with a margin around them."""
    drawn = _with_margin(study)
    width = max(drawn[2] - drawn[0], drawn[3] - drawn[1])
    tolerance = float(np.clip(width * TOLERANCE_SHARE, *TOLERANCE_LIMITS_M))
    return Sheet(study, drawn, crs, tolerance)


def _study_bounds(plan: Plan) -> tuple[float, float, float, float]:
    layers: Iterable[Any] = (
        plan.demand.table,
        plan.sites.table,
        plan.catchments,
        plan.demand.shapes.dropna() if plan.demand.shapes is not None else (),
        plan.grids.table if plan.grids is not None else (),
    )
    boxes = np.array([layer.total_bounds for layer in layers if len(layer)])
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def _with_margin(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    margin = max(MIN_MARGIN_M, MARGIN_SHARE * max(east - west, north - south))
    width, height = (east - west) / 2 + margin, (north - south) / 2 + margin
    x, y = (west + east) / 2, (south + north) / 2
    half_width, half_height = max(width, height * WIDE_SCREEN), max(height, width * TALL_SCREEN)
    return x - half_width, y - half_height, x + half_width, y + half_height
