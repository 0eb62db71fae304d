"""One of the plans that are compared, as the files of its run tell it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd

from planner.bilingual import Text, same
from planner.loading import PlanDocument
from planner.model.labels import function_label, group_label

NeedKey = tuple[str, str, str, str, str, int]

KINDS: Mapping[str, Text] = {
    "run": Text("方案", "plan"),
    "given": Text("人工试算", "what-if set by hand"),
    "audit": Text("现状评估", "audit of today"),
    "what_if": Text("地图上的试算", "what-if from the map"),
}


@dataclass(frozen=True, eq=False)
class Side:
    """One plan.

    Parameters
    ----------
    letter : str
        `A` for the first one.
    document : PlanDocument
    layers : mapping of name to GeoDataFrame
        Of the plan.gpkg beside it; empty where it cannot be drawn.
    undrawn : Text, optional
        Why it cannot.
    """

    letter: str
    document: PlanDocument
    layers: Mapping[str, gpd.GeoDataFrame]
    undrawn: Text | None = None

    @property
    def content(self) -> dict[str, Any]:
        """What the file holds."""
        return self.document.content

    @property
    def kind(self) -> Text:
        """What it is."""
        given = self.document.kind == "run" and self.solution.get("stopped") == "given"
        return KINDS["given" if given else self.document.kind]

    @property
    def study(self) -> str:
        """The name of the study that it was made for."""
        plan = self.content.get("plan") if self.document.kind == "what_if" else self.content
        return str(plan.get("name") or "") if isinstance(plan, Mapping) else ""

    @property
    def name(self) -> str:
        """What it is called beside its letter: a what-if by its own name, a plan by the folder it lies in."""
        own = self.content.get("name") if self.document.kind == "what_if" else None
        return str(own or self.document.file.resolve().parent.name or self.document.file.stem)

    @property
    def label(self) -> str:
        """Letter and name."""
        return f"{self.letter} · {self.name}"

    @property
    def solution(self) -> Mapping[str, Any]:
        """The solution; of a what-if from the map only what is open."""
        if self.document.kind != "what_if":
            return dict(self.content["solution"])
        opened = list(map(str, self.content.get("opened") or ()))
        kept = [str(one) for one in self.content["open"] if str(one) not in opened]
        return {
            "opened": opened,
            "kept": kept,
            "closed": self.content.get("closed") or [],
            "cost_cny": self.content.get("cost_cny"),
            "stopped": "given",
        }

    @cached_property
    def decisions(self) -> dict[str, str]:
        """Site id to `opened`, `kept` or `closed`."""
        listed = {"closed": self.solution.get("closed") or (), "kept": self.solution["kept"]}
        listed["opened"] = self.solution["opened"]
        return {str(site): decision for decision, sites in listed.items() for site in sites}

    @cached_property
    def open_sites(self) -> frozenset[str]:
        """Ids of the stations that are open."""
        return frozenset(site for site, decision in self.decisions.items() if decision != "closed")

    @cached_property
    def site_names(self) -> dict[str, str]:
        """Names of the sites that its files know."""
        told = {str(row["id"]): row.get("name") for row in self.content.get("stations") or () if "id" in row}
        if "stations" in self.layers:
            table = self.layers["stations"]
            told |= dict(zip(table["site_id"].astype(str), table["name"], strict=True))
        return {site: str(name) for site, name in told.items() if isinstance(name, str) and name.strip()}

    @property
    def attribution(self) -> tuple[str, ...]:
        """The sources that it credits; a what-if of the map, and plans written by earlier versions, tell none."""
        provenance = self.content.get("provenance")
        told = provenance.get("attribution") if isinstance(provenance, Mapping) else None
        return tuple(map(str, told)) if isinstance(told, list) else ()

    @cached_property
    def needs(self) -> dict[NeedKey, dict[str, Any]]:
        """Its needs, each under what makes it comparable; `number` counts them from 1."""
        found: dict[NeedKey, dict[str, Any]] = {}
        for number, need in enumerate(self.content["needs"], start=1):
            again = 0
            while (key := need_key(need, again)) in found:
                again += 1
            found[key] = {**need, "number": number}
        return found

    @property
    def cost_cny(self) -> float:
        """What it costs; NaN where that is not told."""
        return figure(self.solution.get("cost_cny"))


def need_key(need: Mapping[str, Any], again: int = 0) -> NeedKey:
    """Return what two needs must share to be compared: group, walker, standard, function and direction."""
    in_minutes = need.get("max_walk_min") is not None
    standard = f"{float(need['max_walk_min']):g} min" if in_minutes else f"{float(need['max_walk_m']):g} m"
    walker, function = str(need.get("walker") or "adult"), str(need.get("function") or "any")
    return (str(need["group"]), walker, standard, function, str(need.get("direction") or "to_station"), again)


def need_words(key: NeedKey) -> Text:
    """Return a need in a few words.

    Examples
    --------
    >>> need_words(("elderly_population", "elderly", "10 min", "any", "to_station", 0)).zh
    '老年人口，10 分钟'
    """
    group, walker, standard, function, direction, again = key
    amount, _, unit = standard.partition(" ")
    label = Text("{group}，{n} {unit}", "{group}, {n} {unit}").format(
        group=group_label(group), n=amount, unit=Text("分钟", "min") if unit == "min" else Text("米", "m")
    )
    extra = [] if walker == "adult" or (walker == "elderly" and "elder" in group) else [same(walker)]
    extra += [] if function == "any" else [function_label(function)]
    extra += [] if direction == "to_station" else [same(direction)]
    extra += [] if not again else [same(str(again + 1))]
    for words in extra:
        label = Text("{label}，{words}", "{label}, {words}").format(label=label, words=words)
    return label


def figure(value: Any) -> float:
    """Return a number of a file; NaN where there is none."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else math.nan
