"""The map of a comparison: homes coloured by what becomes of them, stations by the plans that have them open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import CRS

from planner.bilingual import Language, Text
from planner.mapping.elements import DataControl, DataLayer, fill_template
from planner.mapping.layers.background import PATH_CLASSES
from planner.mapping.page import PlanMap, number_elements
from planner.mapping.sheet import Sheet, sheet_around
from planner.mapping.values import pair, rounded
from planner.mapping.wording import WORDS


@dataclass(frozen=True, eq=False)
class ComparedMap:
    """What is drawn; tables in one metric system, rows in order of id.

    Parameters
    ----------
    headline : Text
    synthetic : tuple of Text
        What is synthetic in the plans.
    attribution : tuple of str
        The sources to credit.
    sides : mapping of letter to label
        The plans that can be drawn.
    needs : tuple of Text
    homes : GeoDataFrame, index `demand_id`
        Columns `people_K` for each need K from 0, and for each plan `covered_A_K`: 1, 0, or -1 where its data lack
        the home.
    stations : GeoDataFrame, index `site_id`
        Columns `name`, and for each plan `decision_A`: opened, kept, closed or None.
    network : GeoDataFrame
        Columns `kind` and `private_area`.
    views : tuple of (str, Text)
        What can be shown: a letter, or two as `A>B`; the first one is shown first.
    colours : mapping of code to words and colour
        What homes are coloured by: `gained`, `lost`, `both`, `neither`, `absent`.
    """

    headline: Text
    synthetic: tuple[Text, ...]
    attribution: tuple[str, ...]
    sides: Mapping[str, str]
    needs: tuple[Text, ...]
    homes: gpd.GeoDataFrame
    stations: gpd.GeoDataFrame
    network: gpd.GeoDataFrame
    views: tuple[tuple[str, Text], ...]
    colours: Mapping[str, tuple[Text, str]]


def comparison_page(drawn: ComparedMap, title: Text, language: Language = "zh") -> str:
    """Return the map as one HTML page: the same comparison gives the same text, byte for byte."""
    boxes = np.array([layer.total_bounds for layer in (drawn.homes, drawn.stations) if len(layer)])
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    sheet = sheet_around((float(west), float(south), float(east), float(north)), CRS(drawn.homes.crs))
    page = PlanMap(sheet, title=title.in_language(language), language=language)
    DataLayer("background", _background(drawn, sheet), "底图 Background").add_to(page)
    DataLayer("compared_homes", _homes(drawn, sheet), "居民 Residents").add_to(page)
    DataLayer("compared_stations", _stations(drawn, sheet), "驿站 Stations").add_to(page)
    ComparisonPanel(drawn, title, sheet, language).add_to(page)
    number_elements(page)
    return str(page.get_root().render())


class ComparisonPanel(DataControl):
    """What is compared, what is shown, and the legend with people."""

    scripts = ("core.js", "words.js", "controls.js", "panel_frame.js", "compared_panel.js")
    styles = ("map.css", "panel.css", "compared.css")

    def __init__(self, drawn: ComparedMap, title: Text, sheet: Sheet, language: Language) -> None:
        data = {
            "title": pair(title),
            "language": language,
            "study": sheet.corners(sheet.study),
            "sheet": sheet.corners(sheet.drawn),
        }
        super().__init__("compared_panel", data)
        self._values = {
            "t": WORDS,
            "language": language,
            "title": title,
            "kicker": Text("方案比较", "Plans side by side"),
            "shown": Text("显示", "What is shown"),
            "legend": Text("图例", "Legend"),
            "headline": drawn.headline,
            "synthetic": drawn.synthetic,
            "attribution": drawn.attribution,
            "sides": drawn.sides,
            "views": drawn.views,
            "needs": drawn.needs,
        }

    def markup(self) -> str:
        """Return the panel's HTML."""
        return fill_template("compared_panel.html", id=self.get_name(), **self._values)


def _background(drawn: ComparedMap, sheet: Sheet) -> dict[str, Any]:
    """Return the paths by kind: they are all that the files of a run keep of the town."""
    kind = drawn.network["kind"].astype(str).to_numpy()
    private = pd.to_numeric(drawn.network["private_area"]).to_numpy() > 0
    lines = drawn.network.geometry.to_numpy()
    chosen: dict[str, npt.NDArray[np.bool_]] = {}
    for name, kinds in PATH_CLASSES.items():
        chosen[name] = np.isin(kind, list(kinds | {f"{one}_link" for one in kinds})) & ~private
    chosen["lane"] |= ~private & ~np.any(list(chosen.values()), axis=0)
    chosen["private"] = private
    packed = {
        name: sheet.packing.parts(sheet.geographic(sheet.cut(np.asarray(lines[rows], dtype=object))))
        for name, rows in chosen.items()
    }
    return {**sheet.packing.header(), "frame": sheet.corners(sheet.drawn), "layers": packed}


def _homes(drawn: ComparedMap, sheet: Sheet) -> dict[str, Any]:
    homes, needs = drawn.homes, range(len(drawn.needs))
    return {
        **sheet.packing.header(),
        "points": sheet.points(homes.geometry),
        "id": list(homes.index),
        "name": [str(name) if isinstance(name, str) else ident for ident, name in homes["name"].items()],
        "people": [rounded(homes[f"people_{need}"], 1) for need in needs],
        "covered": [
            {letter: homes[f"covered_{letter}_{need}"].astype(int).tolist() for letter in drawn.sides} for need in needs
        ],
        "sides": dict(drawn.sides),
        "colours": [
            {"code": code, "words": pair(words), "colour": colour} for code, (words, colour) in drawn.colours.items()
        ],
    }


def _stations(drawn: ComparedMap, sheet: Sheet) -> dict[str, Any]:
    stations = drawn.stations
    return {
        **sheet.packing.header(),
        "points": sheet.points(stations.geometry),
        "id": list(stations.index),
        "name": [str(name) for name in stations["name"]],
        "decision": {letter: stations[f"decision_{letter}"].tolist() for letter in drawn.sides},
        "sides": dict(drawn.sides),
    }
