"""Which files a plan names."""

from __future__ import annotations

import difflib
from pathlib import Path

from planner.bilingual import Text
from planner.config import PlanConfig
from planner.errors import Fault, InputError
from planner.loading.approved import approved_paths

_SHAPEFILE_PARTS = (".dbf", ".shx", ".prj", ".cpg")


def input_paths(config: PlanConfig) -> list[Path]:
    """Return every file the plan names, with the parts of Shapefiles, in the order of the plan.

    Raises
    ------
    InputError
        If any is missing; all of them are named at once.
    """
    named = _named(config)
    faults = [_missing(key, path, config) for key, path in named if not config.resolve(path).is_file()]
    faults += [
        Fault(
            path,
            Text("缺少 {part}", "no {part} beside it"),
            Text("与 .shp 同名的 .shx 和 .dbf", ".shx and .dbf beside the .shp"),
        )
        for _, path in named
        for part in (".shx", ".dbf")
        if path.casefold().endswith(".shp") and config.resolve(path).is_file() and not _part(config.resolve(path), part)
    ]
    if faults:
        raise InputError(Text("找不到方案所列的文件。", "Files that the plan names are missing."), faults)
    files = [config.resolve(path) for _, path in named]
    return list(dict.fromkeys(part for file in files for part in (file, *_parts(file))))


def _named(config: PlanConfig) -> list[tuple[str, str]]:
    named = [("demand.path", config.demand.path)]
    named += [(f"demand.rasters.{group}", path) for group, path in config.demand.rasters.items()]
    layers = ("gates", "compounds", "grids", "sites", "venues", "background", "changes", "zones")
    named += [(f"{key}.path", getattr(config, key).path) for key in layers if getattr(config, key) is not None]
    named += [("network.path", config.network.path), ("network.elevation", config.network.elevation)]
    named += approved_paths(config)
    named += [] if config.what_if is None else [("what_if.path", config.what_if.path)]
    return [(key, path) for key, path in named if path is not None]


def _missing(key: str, path: str, config: PlanConfig) -> Fault:
    if config.resolve(path).is_dir():
        found = Text("{path} 是文件夹", "{path} is a folder").format(path=path)
        return Fault("plan.toml", found, Text("一个文件", "a file"), column=key)
    folder = config.resolve(path).parent
    beside = sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []
    nearest = difflib.get_close_matches(Path(path).name, beside, n=1, cutoff=0.6)
    expected = (
        Text("已有的文件；最接近的是 {name}", "a file that exists; nearest is {name}").format(name=nearest[0])
        if nearest
        else Text("已有的文件（相对方案文件夹）", "a file that exists, relative to the plan's folder")
    )
    found = Text("没有文件 {path}", "no file {path}").format(path=path)
    return Fault("plan.toml", found, expected, column=key)


def _part(file: Path, suffix: str) -> Path | None:
    return next((part for part in (file.with_suffix(suffix), file.with_suffix(suffix.upper())) if part.is_file()), None)


def _parts(file: Path) -> list[Path]:
    if file.suffix.casefold() != ".shp":
        return []
    return [part for suffix in _SHAPEFILE_PARTS if (part := _part(file, suffix)) is not None]
