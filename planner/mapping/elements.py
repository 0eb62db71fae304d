"""Folium elements that carry their own scripts, styles and data, so that a page needs nothing from outside."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, cast

from branca.element import Element, Figure, MacroElement
from folium.map import Layer
from folium.template import Environment
from jinja2 import PackageLoader, Template
from xstatic.pkg import leaflet

_SHARED_SCRIPTS = ("core.js", "bytes.js", "unpack.js", "words.js", "vectors.js")
_OWN_SCRIPTS = {
    "background": ("sheet.js",),
    "catchments": ("sheet.js",),
    "demand": ("cards.js", "crowd.js"),
    "grids": ("cards.js",),
    "stations": ("cards.js", "labels.js"),
    "compared_stations": ("cards.js", "labels.js", "stations.js"),
}
_OWN_STYLES = {"tiles": ("tiles.css",)}
_HTML = Environment(loader=PackageLoader("planner.mapping", "assets"), autoescape=True, trim_blocks=True)  # type: ignore[no-untyped-call]


class Verbatim(Element):
    """Text that goes into the page as it stands. Branca reads plain elements as templates, and data is no template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._name = "Verbatim"
        self.text = text

    def render(self, **kwargs: Any) -> str:  # noqa: ARG002
        """Return the text."""
        return self.text


class _Inlined(MacroElement):
    """What every element of the map shares: its data, and the scripts and styles it needs, each once a page."""

    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()

    def inline(self, data: object | None = None) -> None:
        """Put the scripts, the styles and this element's data into the figure."""
        figure = self.figure
        for name in self.styles:
            figure.header.add_child(Verbatim(f"<style>\n{asset(name)}</style>\n"), name=name)
        for name in self.scripts:
            figure.header.add_child(Verbatim(f"<script>\n{asset(name)}</script>\n"), name=name)
        if data is not None:
            figure.html.add_child(Verbatim(json_block(self.data_id, data)), name=self.data_id)

    @property
    def figure(self) -> Figure:
        """The page that this element stands on."""
        return cast(Figure, self.get_root())

    @property
    def data_id(self) -> str:
        """Id of the block that holds this element's data."""
        return f"data_{self.get_name()}"


class DataLayer(_Inlined, Layer):
    """A Leaflet layer drawn by one of our scripts from a block of JSON; add it to any Folium map.

    Parameters
    ----------
    kind : str
        The JavaScript function of `planMap` that draws it.
    data : object
        What that function is given, as JSON.
    name : str
        What a `folium.LayerControl` calls it.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        'var {{ this.get_name() }} = planMap.{{ this.kind }}(planMap.read("{{ this.data_id }}"))'
        "{% if this.show %}.addTo({{ this._parent.get_name() }}){% endif %};\n"
        "{% endmacro %}"
    )
    styles = ("map.css", "cards.css")

    def __init__(self, kind: str, data: object, name: str, show: bool = True) -> None:
        super().__init__(name=name, overlay=True, show=show)
        self._name = kind
        self.styles = (*self.styles, *_OWN_STYLES.get(kind, ()))
        self.scripts = (*_SHARED_SCRIPTS, *_OWN_SCRIPTS.get(kind, ()), f"{kind}.js")
        self.kind = kind
        self.data = data

    def render(self, **kwargs: Any) -> str:
        """Write the layer into its figure. Folium would add it to the map in a statement with a random name."""
        self.inline(self.data)
        MacroElement.render(self, **kwargs)  # type: ignore[no-untyped-call]
        return ""


class DataControl(_Inlined):
    """A control beside the map, filled by one of our scripts from a block of JSON.

    Parameters
    ----------
    kind : str
        The JavaScript function of `planMap` that takes the map, the element's own node and the data.
    data : object
        What that function is given, as JSON.
    html : str
        The control as it stands before the script runs.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "planMap.{{ this.kind }}({{ this._parent.get_name() }}, "
        'document.getElementById("{{ this.get_name() }}"), planMap.read("{{ this.data_id }}"));\n'
        "{% endmacro %}"
    )

    def __init__(self, kind: str, data: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = kind
        self.kind = kind
        self.data = data

    def markup(self) -> str:
        """Return the control's HTML."""
        return f'<div id="{self.get_name()}"></div>'

    def render(self, **kwargs: Any) -> str:
        """Write the control into its figure."""
        self.figure.html.add_child(Verbatim(self.markup()), name=self.get_name())
        self.inline(self.data)
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        return ""


class Leaflet(Element):
    """Leaflet itself, from the XStatic package instead of the network."""

    def render(self, **kwargs: Any) -> str:  # noqa: ARG002
        """Return Leaflet's styles and script."""
        return f"<style>\n{_leaflet_css()}</style>\n<script>\n{_leaflet_js()}</script>\n"


def fill_template(name: str, /, **values: object) -> str:
    """Return one of our HTML templates with every value escaped."""
    return _HTML.get_template(name).render(**values)


def json_block(name: str, data: object) -> str:
    r"""Return data as a block that a page can hold: no name in it can end the block or start a tag.

    Examples
    --------
    >>> print(json_block("a", {"name": "</script>"}))
    <script type="application/json" id="a">{"name":"\u003c/script\u003e"}</script>
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f'<script type="application/json" id="{name}">{text}</script>\n'


@cache
def asset(name: str) -> str:
    """Return one of our scripts or styles."""
    return resources.files("planner.mapping").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _leaflet_js() -> str:
    text = Path(leaflet.BASE_DIR, "leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=.*", "", text)


@cache
def _leaflet_css() -> str:
    """Leaflet's pictures belong to controls and markers that this map does not use."""
    text = Path(leaflet.BASE_DIR, "leaflet.css").read_text(encoding="utf-8")
    without_comments = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"url\([^)]*\)", "none", without_comments)
