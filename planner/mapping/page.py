"""One page with everything in it: Folium's map, Leaflet from a package, our layers, no network."""

from __future__ import annotations

from typing import Any, cast

import folium
from branca.element import Element, Figure
from jinja2 import Template

from planner.bilingual import Language
from planner.mapping.elements import Leaflet, Verbatim, asset
from planner.mapping.layers import draw_layers
from planner.mapping.panel import PlanPanel
from planner.mapping.sheet import Sheet, sheet_for
from planner.mapping.tiles import tile_hosts
from planner.mapping.whatif import WhatIf
from planner.mapping.wording import WORDS
from planner.page_policy import POLICY_PLACE, with_policy
from planner.plan import Plan

NOTEBOOK_HEIGHT = "720px"


def draw_map(plan: Plan, language: Language = "zh") -> folium.Map:
    """Draw a plan as a Folium map that needs nothing from outside.

    Parameters
    ----------
    plan : Plan
    language : str
        `zh` or `en`: the language shown first. The map carries both, and a switch.

    Returns
    -------
    folium.Map
        Shows itself in a notebook; `map_page` writes it as a page. Its layers stand in `planner.mapping.layers` and
        can be added to any other Folium map.
    """
    sheet = sheet_for(plan)
    title = WORDS["title"].format(name=plan.config.name).in_language(language)
    drawn = PlanMap(sheet, title=title, language=language, images=tile_hosts(plan))
    for layer in draw_layers(plan, sheet):
        layer.add_to(drawn)
    PlanPanel(plan, sheet, language).add_to(drawn)
    WhatIf(plan).add_to(drawn)
    number_elements(drawn)
    return drawn


def map_page(plan: Plan, language: Language = "zh") -> str:
    """Return the map as one HTML page: the same plan gives the same text, byte for byte."""
    return str(draw_map(plan, language).get_root().render())


class PlanPage(Figure):
    """A page that declares its language and forbids itself every request, but for pictures of the hosts it names."""

    _template = Template(
        "<!DOCTYPE html>\n"
        '<html lang="{{ "en" if this.language == "en" else "zh-Hans" }}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="{{ this.policy }}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n<title>{{ this.title | e }}</title>\n'
        "{{ this.header.render(**kwargs) }}</head>\n<body>\n{{ this.html.render(**kwargs) }}"
        "<script>\n{{ this.script.render(**kwargs) }}</script>\n</body>\n</html>\n"
    )

    def __init__(self, title: str, language: Language, images: tuple[str, ...] = ()) -> None:
        super().__init__(height=NOTEBOOK_HEIGHT, title=title)
        self.images = images
        self.language = language
        self.policy = POLICY_PLACE
        del self.header._children["meta_http"]

    def render(self, **kwargs: Any) -> str:
        """Return the page with the policy that its own scripts need."""
        return with_policy(str(super().render(**kwargs)), self.images)


class PlanMap(folium.Map):
    """Folium's map with Leaflet inlined, and without the libraries that Folium would ask the network for."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    _template = Template(
        "{% macro header(this, kwargs) %}"
        "<style>html, body { width: 100%; height: 100%; margin: 0; padding: 0; }"
        "#{{ this.get_name() }} { position: relative; width: 100%; height: 100%; }</style>\n"
        "{% endmacro %}"
        "{% macro html(this, kwargs) %}"
        '<div class="folium-map" role="main" id="{{ this.get_name() }}"></div>\n'
        "{% endmacro %}"
        "{% macro script(this, kwargs) %}"
        'var {{ this.get_name() }} = planMap.createMap("{{ this.get_name() }}", '
        '{center: {{ this.location | tojson }}, zoom: {{ this.options["zoom"] }}});\n'
        "{% endmacro %}"
    )

    def __init__(self, sheet: Sheet, title: str, language: Language, images: tuple[str, ...] = ()) -> None:
        west, south, east, north = sheet.degrees(sheet.study)
        super().__init__(location=[(south + north) / 2, (west + east) / 2], zoom_start=14, tiles=None)
        PlanPage(title, language, images).add_child(self)

    def render(self, **kwargs: Any) -> str:
        """Write Leaflet, the map and its layers into the page."""
        header = cast(Figure, self.get_root()).header
        header.add_child(Leaflet(), name="leaflet")
        header.add_child(Verbatim(f"<script>\n{asset('core.js')}</script>\n"), name="core.js")
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        return ""


def number_elements(top: Element) -> None:
    """Folium names elements at random; numbers in their order make the page the same every time."""
    waiting, number = [top], 0
    while waiting:
        element = waiting.pop(0)
        number += 1
        element._id = f"{number:03d}"
        waiting += element._children.values()
