"""GeoPackage, GeoJSON and Shapefile, through pyogrio."""

from __future__ import annotations

import glob
import warnings
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from planner.bilingual import Text, same
from planner.config import LayerConfig
from planner.errors import Fault, TableError
from planner.loading.csv_file import ENCODINGS
from planner.loading.raw import RawTable
from planner.model import Note


def read_vector(path: Path, layer: LayerConfig) -> RawTable:
    """Read a layer: the one the plan names, or the first one."""
    return _read_layer(path, path, layer)


def _read_layer(path: Path, place: Path | str, layer: LayerConfig) -> RawTable:
    """Read a layer at a place in a file."""
    layers = _layers(place, layer)
    name = layer.layer or (layers[0] if layers else None)
    features = _read(place, name, layer.encoding, layer.source)
    raw = raw_features(features, layer.source)
    return RawTable(
        raw.source,
        raw.table,
        raw.geometry,
        raw.declared,
        by_default=path.suffix.casefold() in {".geojson", ".json"} and not _has_crs_member(path),
        notes=(_first_layer_note(layer.source, str(name), len(layers)),) if len(layers) > 1 and not layer.layer else (),
    )


def read_shapefile(path: Path, layer: LayerConfig) -> RawTable:
    """Read a Shapefile, zipped or not. Without a .cpg, UTF-8 is tried strictly, then GB18030."""
    place, parts = _shapefile(path, layer.path)
    if layer.encoding is not None or any(part.casefold().endswith(".cpg") for part in parts):
        return _read_layer(path, place, layer)
    for encoding in ENCODINGS:
        try:
            raw = raw_features(_read_encoded(place, layer.layer, encoding.removesuffix("-sig")), layer.path)
        except UnicodeDecodeError:
            continue
        except Exception as error:
            raise _unreadable(layer.path, error) from None
        notes = (_encoding_note(layer.path),) if encoding == "gb18030" else ()
        return RawTable(raw.source, raw.table, raw.geometry, raw.declared, notes=notes)
    raise _unreadable(layer.path, Text("文字编码无法识别", "unknown text encoding"))


def read_parquet(path: Path, layer: LayerConfig) -> RawTable:
    """Read GeoParquet, or plain Parquet with coordinate columns."""
    import pyarrow.parquet as pq

    try:
        is_geo = b"geo" in (pq.read_schema(path).metadata or {})
        features: Any = gpd.read_parquet(path) if is_geo else pd.read_parquet(path)
    except Exception as error:
        raise _unreadable(layer.path, error) from None
    if features.index.name is not None:
        features = features.reset_index()
    return raw_features(features, layer.path)


def raw_features(features: Any, source: str) -> RawTable:
    """Return features as a raw table, numbered from 1.

    Raises
    ------
    TableError
        If there are none.
    """
    if not len(features):
        raise TableError(
            Text("{file} 没有要素。", "{file} has no features.").format(file=source),
            [Fault(source, Text("空图层", "an empty layer"), Text("至少一个要素", "at least one feature"))],
        )
    numbered = features.set_axis(pd.RangeIndex(1, len(features) + 1, name="row"), axis=0)
    if not isinstance(numbered, gpd.GeoDataFrame):
        return RawTable(source, numbered)
    table = pd.DataFrame(numbered.drop(columns=numbered.geometry.name))
    bare = gpd.GeoSeries(numbered.geometry.to_numpy(), index=numbered.index)
    return RawTable(source, table, bare, _declared(numbered.crs))


def _declared(crs: CRS | None) -> CRS | None:
    """Return the declared system; a GeoPackage without one calls it undefined."""
    return None if crs is None or crs.name.casefold().startswith(("undefined", "unknown")) else crs


def _layers(path: Path | str, layer: LayerConfig) -> list[str]:
    import pyogrio

    try:
        listed = pyogrio.list_layers(path)
    except Exception as error:
        raise _unreadable(layer.path, error) from None
    names = [str(name) for name, geometry_type in listed if geometry_type is not None] or [
        str(row[0]) for row in listed
    ]
    if layer.layer is not None and layer.layer not in [str(row[0]) for row in listed]:
        raise TableError(
            Text("{file} 没有图层「{name}」。", "{file} has no layer “{name}”.").format(
                file=layer.path, name=layer.layer
            ),
            [Fault(layer.path, same(layer.layer), same(", ".join(names)), column="layer")],
        )
    return names


def _read(path: Path | str, name: str | None, encoding: str | None, source: str) -> Any:
    try:
        return _read_encoded(path, name, encoding)
    except Exception as error:
        raise _unreadable(source, error) from None


def _read_encoded(path: Path | str, name: str | None, encoding: str | None) -> Any:
    options = {"encoding": encoding} if encoding else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return gpd.read_file(path, layer=name, engine="pyogrio", **options)


def _unreadable(source: str, reason: object) -> TableError:
    words = reason if isinstance(reason, Text) else same(f"{type(reason).__name__}: {reason}"[:160])
    return TableError(
        Text("{file} 无法读取。", "{file} cannot be read.").format(file=source),
        [Fault(source, words, Text("完好的文件", "an intact file of this format"))],
    )


def _shapefile(path: Path, source: str) -> tuple[Path | str, list[str]]:
    """Return where a Shapefile lies, and the files beside it; GDAL does not look into the folders of a .zip."""
    if path.suffix.casefold() != ".zip":
        return path, [part.name for part in path.parent.glob(f"{glob.escape(path.stem)}.*")]
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [name for name in archive.namelist() if not name.startswith("__MACOSX/")]
    except zipfile.BadZipFile as error:
        raise _unreadable(source, error) from None
    shapes = sorted(name for name in parts if name.casefold().endswith(".shp"))
    if not shapes:
        raise _unreadable(source, Text("其中没有 .shp", "there is no .shp in it"))
    folder = PurePosixPath(shapes[0]).parent.as_posix()
    return path if folder == "." else f"/vsizip/{path.resolve()}/{folder}", parts


def _has_crs_member(path: Path) -> bool:
    with path.open("rb") as file:
        opening = file.read(4000)
    return b'"crs"' in opening or b'"crs"' in path.read_bytes()[-4000:]


def _encoding_note(source: str) -> Note:
    return Note(
        "table.encoding_guessed",
        "assumption",
        Text(
            "{file} 没有 .cpg，属性按 GB18030（GBK）读取。",
            "{file} has no .cpg; its attributes were read as GB18030 (GBK).",
        ).format(file=source),
    )


def _first_layer_note(source: str, name: str, count: int) -> Note:
    return Note(
        "table.first_layer",
        "assumption",
        Text("{file} 有 {n} 个图层，读取的是「{name}」。", "{file} has {n} layers; “{name}” was read.").format(
            file=source, n=count, name=name
        ),
    )
