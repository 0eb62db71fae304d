"""Buildings of an OpenStreetMap file, as areas with their tags."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import shapely

from planner.bilingual import Text, same
from planner.config import LayerConfig
from planner.errors import Fault, TableError
from planner.loading.coordinates import WGS84
from planner.loading.raw import RawTable
from planner.loading.vector_file import raw_features


def read_osm_buildings(path: Path, layer: LayerConfig) -> RawTable:
    """Read every closed way or multipolygon with a `building` tag, with its name and storeys.

    Ids are OpenStreetMap's own: `way/123`, `relation/45`.
    """
    import osmium

    buildings, outlines = [], []
    shapes = osmium.geom.WKBFactory()
    try:
        areas = osmium.FileProcessor(path).with_areas(osmium.filter.KeyFilter("building"))
        for area in areas.with_filter(osmium.filter.KeyFilter("building")):
            if not isinstance(area, osmium.osm.Area):
                continue
            try:
                outlines.append(shapely.from_wkb(bytes.fromhex(shapes.create_multipolygon(area))))
            except RuntimeError:
                continue
            kind = "way" if area.from_way() else "relation"
            buildings.append({"id": f"{kind}/{area.orig_id()}", **{key: area.tags.get(key) for key in _TAGS}})
    except RuntimeError as error:
        raise TableError(
            Text("{file} 无法读取。", "{file} cannot be read.").format(file=layer.path),
            [Fault(layer.path, same(str(error)[:160]), Text("OpenStreetMap 文件", "an OpenStreetMap file"))],
        ) from None
    simple = [outline.geoms[0] if len(outline.geoms) == 1 else outline for outline in outlines]
    return raw_features(gpd.GeoDataFrame(buildings, geometry=simple, crs=WGS84), layer.path)


_TAGS = ("building", "building:levels", "name")
