"""plan.toml as one frozen PlanConfig: each key is documented where it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from planner.bilingual import same
from planner.model import ANY_FUNCTION, WALKERS, Direction, Need, ServiceStandard, Slope, Walker
from planner.model.opening_hours import minute_of_day

#: Studies that say nothing else are measured for everybody at a quarter of an hour.
DEFAULT_NEED = {"group": "resident_population", "walker": "adult", "max_walk_min": 15}


#: A number is written as one: neither "15" nor true.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
#: Words that are not blank.
Words = Annotated[str, Field(pattern=r"\S")]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LayerConfig(_Section):
    """A file with a table or a layer in it."""

    path: Words
    """File, relative to the folder of plan.toml."""
    crs: str | None = None
    """EPSG code, "GCJ-02" or "BD-09"; required where the file does not declare one."""
    columns: dict[str, Words] = Field(default_factory=dict)
    """Our column name -> the file's, only where the usual Chinese and English names do not fit."""
    layer: str | None = None
    """Layer of a GeoPackage; sheet of a workbook. The first one where not given."""
    encoding: str | None = None
    """Text encoding of a CSV or Shapefile, where UTF-8 and GB18030 do not fit."""

    @property
    def source(self) -> str:
        """The file as faults and notes name it, with the layer or sheet where the plan names one."""
        return self.path if self.layer is None else f"{self.path}[{self.layer}]"


class GatesConfig(LayerConfig):
    """Gates of compounds, and the moment at which walks are measured."""

    time: str | None = None
    """`HH:MM`: the gates that are open then. Without it a gate with hours counts as open."""
    emergency: Annotated[bool, Field(strict=True)] = False
    """Gates that close in an emergency are closed."""

    @field_validator("time")
    @classmethod
    def _time_of_day(cls, time: str | None) -> str | None:
        try:
            return time if time is None or minute_of_day(time) >= 0 else None
        except ValueError:
            raise ValueError('a time of the day, like "20:30"|一天中的时刻，如 "20:30"') from None

    def as_layer(self) -> LayerConfig:
        """Return the part that names a file."""
        return LayerConfig(path=self.path, crs=self.crs, columns=self.columns, layer=self.layer, encoding=self.encoding)


class ChangesConfig(LayerConfig):
    """Changes of the streets, and which of them are made."""

    on: tuple[Words, ...] = ()
    """Ids of the changes that are made; the others are only compared with new stations."""

    def as_layer(self) -> LayerConfig:
        """Return the part that names a file."""
        return LayerConfig(path=self.path, crs=self.crs, columns=self.columns, layer=self.layer, encoding=self.encoding)


class EstimateConfig(_Section):
    """People estimated from buildings: marked as an estimate wherever it is shown."""

    floor_area_m2_per_person: Number = Field(gt=0)
    """Gross floor area a person, m²: your own figure, nothing is assumed."""
    default_storeys: Number = Field(default=1, gt=0)
    """Storeys of a building that states none."""


class DemandConfig(_Section):
    """Where people live: a table of compounds or buildings, population rasters, or buildings from OpenStreetMap."""

    path: Words | None = None
    crs: str | None = None
    columns: dict[str, Words] = Field(default_factory=dict)
    layer: str | None = None
    encoding: str | None = None
    rasters: dict[str, Words] = Field(default_factory=dict)
    """Group -> GeoTIFF of people per cell, instead of `path`: every cell with people is a demand point."""
    within: tuple[Number, Number, Number, Number] | None = None
    """West, south, east, north in degrees (WGS 84): only what lies inside."""
    estimate: EstimateConfig | None = None
    """For layers of buildings that carry no people."""

    @model_validator(mode="after")
    def _one_source(self) -> DemandConfig:
        if (self.path is None) == (not self.rasters):
            raise ValueError("give either path or rasters|须给出 path 或 rasters 之一")
        return self

    @field_validator("within")
    @classmethod
    def _within_is_a_box(cls, within: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if within is not None and not (within[0] < within[2] and within[1] < within[3]):
            raise ValueError("west < east, south < north|西 < 东，南 < 北")
        return within

    def as_layer(self) -> LayerConfig:
        """Return the part that names a file."""
        assert self.path is not None
        return LayerConfig(path=self.path, crs=self.crs, columns=self.columns, layer=self.layer, encoding=self.encoding)


class ProposalsConfig(_Section):
    """Candidate sites that the planner proposes itself, where none or too few are given."""

    number: int | None = Field(default=None, strict=True, ge=1, le=500)
    """At most this many proposals."""
    per_uncovered_people: Number | None = Field(default=None, gt=0)
    """Instead of `number`: one proposal for each so many people of the first need beyond the standard today."""
    min_apart_m: Number = Field(default=200.0, ge=0, le=100_000)
    """Straight line between two proposals, and between a proposal and every given site."""
    min_people: Number = Field(default=1.0, gt=0)
    """People whom a proposal must reach whom neither a station of today nor an earlier proposal reaches."""
    at: Literal["buildings", "paths", "both"] = "both"
    """Where a station may stand."""
    cost_cny: Number | None = Field(default=None, gt=0, le=1e12)
    """What each proposal is assumed to cost; a `budget` needs it."""

    @model_validator(mode="after")
    def _one_number(self) -> ProposalsConfig:
        if (self.number is None) == (self.per_uncovered_people is None):
            raise ValueError("give either number or per_uncovered_people|须给出 number 或 per_uncovered_people 之一")
        return self


class NetworkConfig(_Section):
    """The streets people walk on."""

    path: Words | None = None
    """.osm .osm.gz .osm.bz2 .osm.pbf .graphml .gpkg .geojson .parquet"""
    place: Words | None = None
    """Name of a place, fetched once with OSMnx and kept beside the plan."""
    crs: str | None = None
    """For edge tables that declare none."""
    columns: dict[str, Words] = Field(default_factory=dict)
    layer: str | None = None
    elevation: Words | None = None
    """GeoTIFF of heights (DEM), metres; slopes are taken from it where no `incline` is given."""
    max_off_path_m: Number = Field(default=200.0, gt=0, le=2000)
    """A home or site further than this from every path is reported and left unserved, never moved."""
    detour_factor: Number | None = Field(default=None, ge=1, le=3)
    """Walks are estimated as the straight line times this, for places whose streets are too thin to measure on."""

    @model_validator(mode="after")
    def _one_source(self) -> NetworkConfig:
        if (self.path is None) == (self.place is None):
            raise ValueError("give either path or place|须给出 path 或 place 之一")
        return self


class WalkerConfig(_Section):
    """A walker of the user's own, or numbers that replace those of an existing one."""

    speed_m_s: Number | None = None
    stairs_up_factor: Number | None = None
    stairs_down_factor: Number | None = None
    takes_stairs: Annotated[bool, Field(strict=True)] | None = None
    signal_wait_s: Number | None = None
    crossing_wait_s: Number | None = None
    slope: Slope | None = None
    """`none`, or `tobler`: slopes change the speed."""
    max_slope: Number | None = None
    """Paths that rise more than this share of their length are not walked up."""
    in_wheelchair: Annotated[bool, Field(strict=True)] | None = None
    """Ways with `wheelchair=no` are closed."""
    source: str | None = None
    """Where the numbers come from, printed in the brief."""


class NeedConfig(_Section):
    """Who needs what, how near."""

    group: Words
    """A column of the demand that counts people."""
    walker: Words = "adult"
    max_walk_min: Number | None = Field(default=None, gt=0, le=1440)
    max_walk_m: Number | None = Field(default=None, gt=0, le=100_000)
    """The standard-distance mode, instead of minutes."""
    function: Words = ANY_FUNCTION
    weight: Number = Field(default=1.0, ge=0.001, le=1000)
    direction: Direction = "to_station"
    """Which way is measured: to the station, from it, or half of there and back."""

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


class PhaseConfig(_Section):
    """One phase of a programme over years."""

    name: Words
    max_cost_10k_cny: Number | None = None
    """What this phase may spend, in units of 10,000 CNY."""
    max_cost_cny: Number | None = None
    """The same in CNY."""
    new_stations: int | None = Field(default=None, strict=True)
    """Exactly so many more stations in this phase."""
    max_new_stations: int | None = Field(default=None, strict=True)
    """No more than so many."""
    years: Number = 1.0
    """How long people live with the state after this phase: its weight."""
    carries_over: Annotated[bool, Field(strict=True)] = False
    """What this phase leaves unspent may be spent in the next one."""


class SolverConfig(_Section):
    """How long to look, and how close is close enough."""

    time_limit_s: Number = Field(default=60.0, gt=0)
    gap: Number = Field(default=0.0, ge=0, lt=1)
    """Stop when proven this close to the best, as a share."""


class WorthConfig(_Section):
    """What else is told about the answer, and how long it may take."""

    time_limit_s: Number = Field(default=20.0, ge=0)
    """Seconds for everything that is solved again; 0 for nothing."""
    step_10k_cny: Number = Field(default=10.0, ge=0.0001, le=100_000_000)
    """The next money, 10,000 CNY."""
    share: Number = Field(default=0.01, ge=0, lt=1)
    """How much worse than the best a really different plan may be."""
    other_stations: int = Field(default=2, ge=1, strict=True)
    """How many stations of each plan before it must do without."""
    plans: int = Field(default=5, ge=0, le=20, strict=True)
    """How many such plans are looked for."""
    fairness_of: Literal["community", "grid", "need"] | None = None
    """Whose shares the frontier against fairness compares; the first of these that has several, by default."""


class MapConfig(_Section):
    """What the map page may ask for from outside: nothing, unless told."""

    tiles: Literal["tianditu", "osm", "amap"] | None = None
    """A base map below our layers; the page then asks that one host for pictures."""
    key: Annotated[str, Field(pattern=r"^[0-9A-Za-z]+$")] | None = None
    """Your key of Tianditu; it stands in the page."""

    @model_validator(mode="after")
    def _key_of_tianditu(self) -> MapConfig:
        if (self.tiles == "tianditu") != (self.key is not None):
            raise ValueError('a key with tiles = "tianditu", and only there|tiles = "tianditu" 须给出 key，其他不须')
        return self


#: The end of an address that the map page makes; ids are percent-encoded.
_LINK = re.compile(r"#whatif=open:([^;#\s]*);close:([^;#\s]*)$")


class WhatIfConfig(_Section):
    """A set of open stations that somebody gives instead of letting the planner choose."""

    path: Words | None = None
    """A what-if file that the map page saved, relative to the folder of plan.toml: all stations that are open."""
    link: Words | None = None
    """Instead of `path`: the address of the map page, or its end from `#whatif=` on; relative to the plan."""
    open: tuple[Words, ...] = ()
    """Instead of `path`: ids of the sites that open beside the stations of today."""
    closed: tuple[Words, ...] = ()
    """Instead of `path`: ids of the stations of today that close."""

    @field_validator("open", "closed", mode="before")
    @classmethod
    def _ids(cls, given: Any) -> Any:
        """Take ids that are numbers, and a list whose quotes a shell has taken away."""
        if isinstance(given, str):
            return tuple(part for part in re.split(r"[\s,;，；、]+", given.strip().strip("[]").strip()) if part)
        if isinstance(given, (list, tuple)):
            return tuple(str(one) if isinstance(one, int) and not isinstance(one, bool) else one for one in given)
        return given

    @model_validator(mode="after")
    def _one_source(self) -> WhatIfConfig:
        given = (self.path is not None, self.link is not None, bool(self.open or self.closed))
        if sum(given) != 1:
            raise ValueError("give one of path, link, or open and closed|path、link、open 与 closed 须给出其中一种")
        return self

    @field_validator("link")
    @classmethod
    def _whole_link(cls, link: str | None) -> str | None:
        """Refuse what the map page did not make."""
        if link is not None and _LINK.search(link) is None:
            raise ValueError(
                "#whatif=open:...;close:... as the map page copies it|地图页面复制的 #whatif=open:...;close:..."
            )
        return link

    @property
    def linked(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids that the link opens and closes, relative to the plan."""
        found = _LINK.search(self.link or "#whatif=open:;close:")
        assert found is not None
        opens, closes = (tuple(unquote(one) for one in ids.split(",") if one) for ids in found.groups())
        return opens, closes


class PlanConfig(_Section):
    """Everything a plan is made from. `read_plan` makes it from a file."""

    name: Words
    """Shown on every output."""
    crs: str = "auto"
    """The metric system of the study; "auto" chooses the CGCS2000 3-degree zone, UTM abroad."""
    synthetic: str | None = None
    """What is synthetic in this study, in one sentence; shown on every output."""
    synthetic_en: str | None = None
    """The same sentence in English."""
    attribution: tuple[str, ...] = ()
    """Sources to credit on the map, beside those the files declare."""
    seed: int = Field(default=0, strict=True)
    demand: DemandConfig
    gates: GatesConfig | None = None
    compounds: LayerConfig | None = None
    """Boundaries of compounds (polygons): nobody walks through the walled ones."""
    grids: LayerConfig | None = None
    zones: LayerConfig | None = None
    """Zones (polygons) where no station may stand."""
    sites: LayerConfig | None = None
    venues: LayerConfig | None = None
    background: LayerConfig | None = None
    """Water, green, buildings and walls to draw on; by default those of the network's OpenStreetMap file. Its water,
    railways and walls keep homes from paths beyond them."""
    network: NetworkConfig
    changes: ChangesConfig | None = None
    """Changes of the streets: lanes to open, links to close, gates."""
    proposals: ProposalsConfig | None = None
    """Candidate sites that the planner proposes itself, beside those of `sites`."""
    walkers: dict[str, WalkerConfig] = Field(default_factory=dict)
    needs: tuple[NeedConfig, ...] = Field(default=(NeedConfig(**DEFAULT_NEED),), min_length=1)  # type: ignore[arg-type]
    objective: ObjectiveConfig = ObjectiveConfig()
    constraints: tuple[ConstraintConfig, ...] = ()
    phases: tuple[PhaseConfig, ...] = ()
    """A programme over years; without it everything opens at once."""
    solver: SolverConfig = SolverConfig()
    worth: WorthConfig = WorthConfig()
    map: MapConfig = MapConfig()
    what_if: WhatIfConfig | None = None
    """A set of open stations that is counted as it is given: nothing is chosen."""

    @field_validator("constraints")
    @classmethod
    def _money_is_known(
        cls, constraints: tuple[ConstraintConfig, ...], others: ValidationInfo
    ) -> tuple[ConstraintConfig, ...]:
        """Refuse a budget over proposals that nobody has priced."""
        proposals = others.data.get("proposals")
        if proposals is None or proposals.cost_cny is not None:
            return constraints
        if any(constraint.name == "budget" for constraint in constraints):
            raise ValueError(
                "proposals.cost_cny beside a budget: what a proposal costs is not known"
                "|与 budget 同用时须写明 proposals.cost_cny（建议点没有造价）"
            )
        return constraints

    @model_validator(mode="after")
    def _money_of_phases_is_known(self) -> PlanConfig:
        """Refuse phases with money over proposals that nobody has priced."""
        if self.limits_money_by_phase and self.proposals is not None and self.proposals.cost_cny is None:
            raise ValueError(
                "proposals.cost_cny beside the money of phases: what a proposal costs is not known"
                "|phases 限定资金时须写明 proposals.cost_cny（建议点没有造价）"
            )
        return self

    @model_validator(mode="after")
    def _one_moment(self) -> PlanConfig:
        """Refuse a what-if over phases: it is one state, not a way through several."""
        if self.what_if is not None and self.phases:
            raise ValueError("what_if without phases: it is one state|what_if 不能与 phases 同用：试算只有一个状态")
        return self

    @property
    def limits_money_by_phase(self) -> bool:
        """Whether some phase may spend so much only."""
        return any(phase.max_cost_cny is not None or phase.max_cost_10k_cny is not None for phase in self.phases)

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
                need.direction,
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
    "slope",
    "max_slope",
    "in_wheelchair",
)
