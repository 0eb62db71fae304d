"""plan.toml as one frozen PlanConfig: each key is documented where it stands, and unknown keys are refused."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from planner.bilingual import Text, same
from planner.errors import Fault, InputError, PlanFileError
from planner.model import ANY_FUNCTION, WALKERS, Need, ServiceStandard, Walker

#: Studies that say nothing else are measured for everybody at a quarter of an hour.
DEFAULT_NEED = {"group": "resident_population", "walker": "adult", "max_walk_min": 15}


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class LayerConfig(_Section):
    """A file with a table or a layer in it."""

    path: str
    """File, relative to the folder of plan.toml."""
    crs: str | None = None
    """EPSG code, "GCJ-02" or "BD-09"; required where the file does not declare one."""
    columns: dict[str, str] = Field(default_factory=dict)
    """Our column name -> the file's, only where the usual Chinese and English names do not fit."""
    layer: str | None = None
    """Layer of a GeoPackage; sheet of a workbook. The first one where not given."""
    encoding: str | None = None
    """Text encoding of a CSV or Shapefile, where UTF-8 and GB18030 do not fit."""


class EstimateConfig(_Section):
    """People estimated from buildings: marked as an estimate wherever it is shown."""

    floor_area_m2_per_person: float = Field(gt=0)
    """Gross floor area a person, m²: your own figure, nothing is assumed."""
    default_storeys: float = Field(default=1, gt=0)
    """Storeys of a building that states none."""


class DemandConfig(_Section):
    """Where people live: a table of compounds or buildings, population rasters, or buildings from OpenStreetMap."""

    path: str | None = None
    crs: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    layer: str | None = None
    encoding: str | None = None
    rasters: dict[str, str] = Field(default_factory=dict)
    """Group -> GeoTIFF of people per cell, instead of `path`: every cell with people is a demand point."""
    within: tuple[float, float, float, float] | None = None
    """West, south, east, north in degrees (WGS 84): only what lies inside."""
    estimate: EstimateConfig | None = None
    """For layers of buildings that carry no people."""

    @model_validator(mode="after")
    def _one_source(self) -> DemandConfig:
        if (self.path is None) == (not self.rasters):
            raise ValueError("give either path or rasters|须给出 path 或 rasters 之一")
        return self

    def as_layer(self) -> LayerConfig:
        """Return the part that names a file."""
        assert self.path is not None
        return LayerConfig(path=self.path, crs=self.crs, columns=self.columns, layer=self.layer, encoding=self.encoding)


class NetworkConfig(_Section):
    """The streets people walk on."""

    path: str | None = None
    """.osm .osm.gz .osm.bz2 .osm.pbf .graphml .gpkg .geojson .parquet"""
    place: str | None = None
    """Name of a place, fetched once with OSMnx and kept beside the plan."""
    crs: str | None = None
    """For edge tables that declare none."""
    columns: dict[str, str] = Field(default_factory=dict)
    layer: str | None = None
    max_off_path_m: float = Field(default=200.0, gt=0, le=2000)
    """A home or site further than this from every path is reported and left unserved, never moved."""

    @model_validator(mode="after")
    def _one_source(self) -> NetworkConfig:
        if (self.path is None) == (self.place is None):
            raise ValueError("give either path or place|须给出 path 或 place 之一")
        return self


class WalkerConfig(_Section):
    """A walker of the user's own, or numbers that replace those of an existing one."""

    speed_m_s: float | None = None
    stairs_up_factor: float | None = None
    stairs_down_factor: float | None = None
    takes_stairs: bool | None = None
    signal_wait_s: float | None = None
    crossing_wait_s: float | None = None
    source: str | None = None
    """Where the numbers come from, printed in the brief."""


class NeedConfig(_Section):
    """Who needs what, how near."""

    group: str
    """A column of the demand that counts people."""
    walker: str = "adult"
    max_walk_min: float | None = None
    max_walk_m: float | None = None
    """The standard-distance mode, instead of minutes."""
    function: str = ANY_FUNCTION
    weight: float = Field(default=1.0, gt=0)

    @model_validator(mode="after")
    def _one_standard(self) -> NeedConfig:
        if (self.max_walk_min is None) == (self.max_walk_m is None):
            raise ValueError("give either max_walk_min or max_walk_m|须给出 max_walk_min 或 max_walk_m 之一")
        return self


class _Strategy(BaseModel):
    """A name, and the parameters that the strategy of that name checks itself."""

    model_config = ConfigDict(frozen=True, extra="allow")
    name: str

    @property
    def parameters(self) -> dict[str, Any]:
        return dict(self.model_extra or {})


class ObjectiveConfig(_Strategy):
    """What is better."""

    name: str = "max_coverage"


class ConstraintConfig(_Strategy):
    """What is allowed."""


class SolverConfig(_Section):
    """How long to look, and how close is close enough."""

    time_limit_s: float = Field(default=60.0, gt=0)
    gap: float = Field(default=0.0, ge=0, lt=1)
    """Stop when proven this close to the best, as a share."""


class PlanConfig(_Section):
    """Everything a plan is made from. `read_plan` makes it from a file."""

    name: str
    """Shown on every output."""
    crs: str = "auto"
    """The metric system of the study; "auto" chooses the CGCS2000 3-degree zone, UTM abroad."""
    synthetic: str | None = None
    """What is synthetic in this study, in one sentence; shown on every output."""
    synthetic_en: str | None = None
    """The same sentence in English."""
    attribution: tuple[str, ...] = ()
    """Sources to credit on the map, beside those the files declare."""
    seed: int = 0
    demand: DemandConfig
    gates: LayerConfig | None = None
    grids: LayerConfig | None = None
    sites: LayerConfig | None = None
    venues: LayerConfig | None = None
    background: LayerConfig | None = None
    """Water, green, buildings and walls to draw on; by default those of the network's OpenStreetMap file."""
    network: NetworkConfig
    walkers: dict[str, WalkerConfig] = Field(default_factory=dict)
    needs: tuple[NeedConfig, ...] = (NeedConfig(**DEFAULT_NEED),)  # type: ignore[arg-type]
    objective: ObjectiveConfig = ObjectiveConfig()
    constraints: tuple[ConstraintConfig, ...] = ()
    solver: SolverConfig = SolverConfig()

    _folder: Path = PrivateAttr(default=Path())
    _text: str = PrivateAttr(default="")
    _overrides: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The folder of plan.toml; paths in the plan are relative to it."""
        return self._folder

    @property
    def text(self) -> str:
        """The plan file as it was read."""
        return self._text

    @property
    def overrides(self) -> dict[str, Any]:
        """Keys set from outside the plan file."""
        return dict(self._overrides)

    def resolve(self, path: str) -> Path:
        """Return a path of the plan as a path from here."""
        return self._folder / path

    def walker(self, name: str) -> Walker:
        """Return a walker of the plan: an existing one, one of the user's own, or an existing one with own numbers."""
        own = self.walkers.get(name)
        if own is None:
            return Walker(name)
        numbers = {key: value for key, value in own.model_dump(exclude={"source"}).items() if value is not None}
        if own.source is not None:
            numbers["source"] = same(own.source)
        if own.speed_m_s is None or name in WALKERS:
            inherited = Walker(name)
            numbers = {key: getattr(inherited, key) for key in _WALKER_KEYS} | numbers
        return Walker(name, **numbers)

    def service_needs(self) -> tuple[Need, ...]:
        """Return the needs with their walkers and standards."""
        return tuple(
            Need(
                need.group,
                self.walker(need.walker),
                ServiceStandard(max_walk_min=need.max_walk_min, max_walk_m=need.max_walk_m),
                need.function,
                need.weight,
            )
            for need in self.needs
        )


_WALKER_KEYS = (
    "speed_m_s",
    "stairs_up_factor",
    "stairs_down_factor",
    "takes_stairs",
    "signal_wait_s",
    "crossing_wait_s",
)


def read_plan(path: str | Path, overrides: Mapping[str, Any] | None = None) -> PlanConfig:
    """Read a plan file, or the folder that holds one.

    Parameters
    ----------
    path : path
        A `plan.toml`, or a folder with one in it.
    overrides : mapping, optional
        Dotted keys and their values: `{"solver.gap": 0.01, "constraints.station_count.stations": 3}`. An entry of a
        list is named by its position or by its `name`.

    Raises
    ------
    PlanFileError
        With every unknown, missing or unusable key at once.
    """
    file = _plan_file(Path(path))
    text = _read_text(file)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanFileError(
            Text("方案文件不是有效的 TOML。", "The plan file is not valid TOML."),
            [Fault(str(file), same(error), Text("TOML 语法", "TOML syntax"))],
        ) from None
    for key, value in (overrides or {}).items():
        _override(content, key, value, file)
    try:
        config = PlanConfig.model_validate(content)
    except ValidationError as error:
        raise PlanFileError(
            Text("方案文件有误。", "The plan file is at fault."),
            [_fault(detail, file, text) for detail in error.errors()],
        ) from None
    config._folder, config._text, config._overrides = file.parent, text, dict(overrides or {})
    _check_walkers(config, file)
    return config


def _plan_file(path: Path) -> Path:
    file = path / "plan.toml" if path.is_dir() else path
    if not file.is_file():
        raise PlanFileError(
            Text("找不到方案文件。", "There is no plan file."),
            [
                Fault(
                    str(file),
                    Text("没有这个文件", "no such file"),
                    Text("plan.toml 或其所在文件夹", "a plan.toml or the folder that holds it"),
                )
            ],
        )
    return file


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise PlanFileError(
            Text("方案文件不是 UTF-8 编码。", "The plan file is not UTF-8."),
            [Fault(str(file), Text("无法解码的字节", "bytes that do not decode"), same("UTF-8"))],
        ) from None


def _override(content: dict[str, Any], key: str, value: object, file: Path) -> None:
    *parents, last = key.split(".")
    place: Any = content
    for part in parents:
        place = (
            _entry(place, part)
            if isinstance(place, list)
            else place.setdefault(part, {})
            if isinstance(place, dict)
            else None
        )
        if not isinstance(place, (dict, list)):
            raise PlanFileError(
                Text("无法覆盖该键。", "The key cannot be set."),
                [Fault(str(file), same(key), Text("方案中的键，如 solver.gap", "a key of the plan, like solver.gap"))],
            )
    if isinstance(place, list):
        raise PlanFileError(
            Text("无法覆盖该键。", "The key cannot be set."),
            [
                Fault(
                    str(file),
                    same(key),
                    Text("列表项之下的键，如 needs.0.weight", "a key below a list entry, like needs.0.weight"),
                )
            ],
        )
    place[last] = value


def _entry(entries: list[Any], part: str) -> Any:
    if part.isdecimal():
        return entries[int(part)] if int(part) < len(entries) else None
    return next((entry for entry in entries if isinstance(entry, dict) and entry.get("name") == part), None)


def _fault(detail: Any, file: Path, text: str) -> Fault:
    *parents, last = detail["loc"] or ("",)
    key = ".".join(str(part) for part in detail["loc"])
    row = _line_of(str(last), text)
    if detail["type"] == "extra_forbidden":
        nearest = difflib.get_close_matches(str(last), _known_keys(parents), n=1, cutoff=0.0)
        return Fault(str(file), Text("未知的键", "unknown key"), same(nearest[0] if nearest else "—"), row, key)
    if detail["type"] == "missing":
        return Fault(str(file), Text("缺少", "missing"), Text("必填", "required"), column=key)
    if detail["type"] == "value_error":
        english, _, chinese = str(detail["ctx"]["error"]).partition("|")
        return Fault(
            str(file), Text("不完整或矛盾", "incomplete or contradictory"), Text(chinese or english, english), row, key
        )
    return Fault(str(file), same(repr(detail["input"])[:80]), same(detail["msg"]), row, key)


def _known_keys(parents: list[Any]) -> list[str]:
    model: Any = PlanConfig
    for part in parents:
        if isinstance(part, int) or model is None:
            continue
        annotation = model.model_fields[part].annotation if part in model.model_fields else None
        model = _model_in(annotation) if annotation is not None else model
    return list(model.model_fields) if model is not None else []


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found is not None:
            return found
    return None


def _line_of(key: str, text: str) -> int | None:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.partition("=")[0].strip().strip("[]\"'").split(".")[-1] == key:
            return number
    return None


def _check_walkers(config: PlanConfig, file: Path) -> None:
    faults: list[Fault] = []
    for name in sorted({need.walker for need in config.needs} | set(config.walkers)):
        try:
            config.walker(name)
        except InputError as error:
            faults += error.faults or (
                Fault(str(file), error.message, Text("给出 speed_m_s", "a speed_m_s"), column=f"walkers.{name}"),
            )
    if faults:
        raise PlanFileError(Text("方案文件有误。", "The plan file is at fault."), faults)
