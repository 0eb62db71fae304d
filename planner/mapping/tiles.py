"""A base map that the page asks for from outside, where the plan asks for one: nothing else leaves the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from planner.bilingual import Text
from planner.mapping.elements import DataLayer
from planner.mapping.values import pair
from planner.plan import Plan


@dataclass(frozen=True)
class TileService:
    """Pictures of a map by zoom, column and row.

    Parameters
    ----------
    host : str
        The one host that the page may ask for pictures.
    layers : tuple of str
        Paths of its layers, the lowest first, with `{z}`, `{x}`, `{y}` and, where it needs one, `{key}`.
    name, credit : Text
    is_shifted : bool
        Whether its pictures are in GCJ-02; they are moved back, our layers stay where they are.
    """

    host: str
    layers: tuple[str, ...]
    name: Text
    credit: Text
    is_shifted: bool = False


def _tianditu(layer: str) -> str:
    asked = "SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    return f"/{layer}_w/wmts?{asked}&LAYER={layer}&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"


SERVICES = {
    "tianditu": TileService(
        "https://t0.tianditu.gov.cn",
        (_tianditu("vec"), _tianditu("cva")),
        Text("天地图", "Tianditu"),
        Text(
            "底图 © 天地图（国家地理信息公共服务平台）",
            "base map © Tianditu",
        ),
    ),
    "osm": TileService(
        "https://tile.openstreetmap.org",
        ("/{z}/{x}/{y}.png",),
        Text("OpenStreetMap", "OpenStreetMap"),
        Text("底图 © OpenStreetMap 贡献者（ODbL）", "base map © OpenStreetMap contributors (ODbL)"),
    ),
    "amap": TileService(
        "https://webrd01.is.autonavi.com",
        ("/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}",),
        Text("高德地图", "Amap"),
        Text("底图 © 高德地图", "base map © Amap (AutoNavi)"),
        is_shifted=True,
    ),
}


def tile_service(plan: Plan) -> TileService | None:
    """Return the service that the plan asks for; None where it asks for none."""
    return None if plan.config.map.tiles is None else SERVICES[plan.config.map.tiles]


def tile_hosts(plan: Plan) -> tuple[str, ...]:
    """Return the hosts that the page may ask for pictures."""
    service = tile_service(plan)
    return () if service is None else (service.host,)


def draw_tiles(plan: Plan) -> DataLayer:
    """Return the base map from outside as a Folium layer, below everything else."""
    return DataLayer("tiles", tile_data(plan), "外部底图 Base map from outside")


def tile_data(plan: Plan) -> dict[str, Any]:
    """Return the addresses of the pictures, the key in them."""
    service = tile_service(plan)
    assert service is not None
    key = plan.config.map.key or ""
    return {
        "layers": [service.host + layer.replace("{key}", key) for layer in service.layers],
        "shifted": service.is_shifted,
        "failed": pair(_FAILED.format(name=service.name)),
    }


def tile_notice(plan: Plan) -> dict[str, Text] | None:
    """Return what the panel says of the base map and whose it is; None where the page asks for none."""
    service = tile_service(plan)
    if service is None:
        return None
    asked = _ASKED.format(name=service.name, host=service.host.removeprefix("https://"))
    said = asked if plan.config.map.key is None else Text(asked.zh + _KEY.zh, asked.en + _KEY.en)
    return {"said": said, "credit": service.credit}


_ASKED = Text(
    "底图由{name}提供：打开本页时向外部网站 {host} 请求图片，须联网，对方可知所看的位置；其余内容和打印不用外部底图。",
    "The base map comes from {name}: this page asks {host} for pictures, which needs a network and tells that site "
    "where you look. Nothing else is asked for outside, and prints do without it.",
)
_KEY = Text("访问密钥写在本页中，转发前请留意。", " The access key is in this page: mind whom you send it to.")
_FAILED = Text(
    "{name}底图未能加载（可能未联网），现用本页自带的底图。",
    "The base map of {name} did not load (no network?); this page's own background is shown.",
)
