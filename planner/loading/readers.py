"""Every format that can be read, in one visible list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from planner.bilingual import Text, same
from planner.config import LayerConfig, PlanConfig
from planner.errors import Fault, TableError
from planner.loading.csv_file import read_csv
from planner.loading.osm_buildings import read_osm_buildings
from planner.loading.raster import read_raster
from planner.loading.raw import RawTable
from planner.loading.vector_file import read_parquet, read_shapefile, read_vector
from planner.loading.workbook import read_workbook

Reader = Callable[[Path, LayerConfig], RawTable]

READERS: Mapping[str, Reader] = {
    ".gpkg": read_vector,
    ".geojson": read_vector,
    ".json": read_vector,
    ".shp": read_shapefile,
    ".zip": read_shapefile,
    ".parquet": read_parquet,
    ".geoparquet": read_parquet,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".xlsx": read_workbook,
    ".xlsm": read_workbook,
    ".tif": read_raster,
    ".tiff": read_raster,
    ".osm": read_osm_buildings,
    ".osm.gz": read_osm_buildings,
    ".osm.bz2": read_osm_buildings,
    ".osm.pbf": read_osm_buildings,
    ".pbf": read_osm_buildings,
}


def read_raw(config: PlanConfig, layer: LayerConfig) -> RawTable:
    """Read a layer of the plan as it stands in its file.

    Raises
    ------
    TableError
        If no reader knows the file's suffix, or the file is empty or broken.
    """
    path = config.resolve(layer.path)
    stamp = path.stat()
    return _read_once(path, layer.model_dump_json(), stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=4)
def _read_once(path: Path, layer_json: str, mtime_ns: int, size: int) -> RawTable:  # noqa: ARG001
    """Read a file once: the demand is looked at twice, for the study's middle and for itself."""
    layer = LayerConfig.model_validate_json(layer_json)
    reader = reader_for(path)
    if reader is None:
        hint = Text("另存为 .xlsx", "save it as .xlsx") if path.suffix.casefold() == ".xls" else same(" ".join(READERS))
        raise TableError(
            Text("不能读取 {file} 这种格式。", "The format of {file} cannot be read.").format(file=layer.path),
            [Fault(layer.path, same(path.suffix or path.name), hint)],
        )
    if not size:
        raise TableError(
            Text("{file} 是空文件。", "{file} is an empty file.").format(file=layer.path),
            [Fault(layer.path, Text("0 字节", "0 bytes"), Text("有内容的文件", "a file with content"))],
        )
    return reader(path, layer)


def reader_for(path: Path) -> Reader | None:
    """Return the reader of the longest suffix that fits."""
    name = path.name.casefold()
    fitting = [suffix for suffix in READERS if name.endswith(suffix)]
    return READERS[max(fitting, key=len)] if fitting else None
