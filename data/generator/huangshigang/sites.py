"""Stations that exist, rooms that could become stations, and the venues of resident units: all positions synthetic."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point, Polygon

from generator.huangshigang.quarters import compounds
from generator.huangshigang.sheet import FRAME, SEED
from generator.huangshigang.surroundings import buildings

#: Cost of a room, CNY a square metre: fit-out between two article figures, new building as in another article.
FIT_OUT_CNY_M2 = (540, 830)
NEW_BUILD_CNY_M2 = 2000

_SERVICE, _CULTURE, _CARE = "便民服务", "综合文化服务", "居家养老"
_SCHOOL, _CHILDREN, _CIVIC = "四点半学校", "儿童之家", "新时代文明实践"


@dataclass(frozen=True)
class Site:
    """A room. `host` is the compound in which it lies; None for the nearest other building; "" for open ground."""

    code: str
    name: str
    status: str
    at: tuple[float, float]
    floor_area_m2: int
    functions: tuple[str, ...]
    acquisition: str
    host: str | None = None
    organisations: int = 0
    studios: int = 0


SITES = (
    Site("S01", "黄石港社区党群服务中心", "现有", (70, 362), 420, (_SERVICE, _CIVIC, _CULTURE), "改造", None, 7, 3),
    Site("S02", "团结巷党群活动室", "现有", (70, 120), 90, (_CULTURE,), "政府无偿提供", "团结巷片", 2, 1),
    Site("C01", "团结巷旧粮店", "候选", (180, 120), 120, (_SERVICE, _CULTURE), "改造"),
    Site("C02", "老市委外院小区物业用房", "候选", (150, 280), 90, (_SERVICE, _CARE), "政府无偿提供", "老市委外院小区"),
    Site("C03", "米市巷农贸市场二层", "候选", (400, 130), 180, (_SERVICE, _CULTURE), "租用"),
    Site("C04", "朝阳路旧街道用房", "候选", (285, 290), 110, (_SERVICE, _CHILDREN), "改造"),
    Site("C05", "港务小区物业用房", "候选", (900, 130), 140, (_SERVICE, _SCHOOL), "政府无偿提供", "港务小区"),
    Site("C06", "青湖小区架空层", "候选", (660, 1130), 200, (_SERVICE, _CARE, _CHILDREN), "改造", "青湖小区"),
    Site("C07", "槐荫巷驻区单位活动用房", "候选", (420, 520), 160, (_CIVIC, _CULTURE), "单位共享"),
    Site("C08", "东闸路临街门面", "候选", (1030, 450), 130, (_SERVICE,), "租用"),
    Site("C09", "石桥巷旧仓库", "候选", (1090, 580), 150, (_SERVICE, _CARE), "改造", "石桥巷片"),
    Site("C10", "纺织小区物业用房", "候选", (1400, 560), 120, (_SERVICE, _CARE, _CHILDREN), "政府无偿提供", "纺织小区"),
    Site("C11", "纺织一路临街门面", "候选", (1325, 425), 100, (_SERVICE,), "租用"),
    Site("C12", "旧纺织厂职工俱乐部", "候选", (1400, 460), 300, (_CIVIC, _CULTURE, _CARE), "改造"),
    Site("C13", "纺机小区配套用房", "候选", (1720, 290), 100, (_SERVICE, _SCHOOL), "政府无偿提供", "纺机小区"),
    Site("C14", "江堤公园新建驿站", "候选", (2060, 180), 260, (_SERVICE, _CULTURE, _CARE), "新建", ""),
    Site("C15", "青砖巷临街用房", "候选", (1650, 480), 100, (_SERVICE, _CHILDREN), "购买"),
    Site("C16", "闸口小区物业用房", "候选", (2130, 290), 110, (_SERVICE, _CARE), "政府无偿提供", "闸口小区"),
    Site("C17", "西港路临街用房", "候选", (45, 470), 120, (_SERVICE, _CULTURE), "租用"),
    Site("C18", "东站路农贸市场二层", "候选", (2040, 450), 160, (_SERVICE, _CULTURE), "租用"),
    Site("X01", "码头巷旧市场库房", "排除", (780, 130), 280, (_SERVICE, _CULTURE), "改造"),
)


@dataclass(frozen=True)
class Venue:
    """A room of a resident unit that residents may use at some hours."""

    code: str
    name: str
    owner: str
    at: tuple[float, float]
    area_m2: int
    hours: str
    organisations: int
    studios: int


#: Five of the six supporting units of the article. The sixth is a military office and is not put on any map.
VENUES = (
    Venue("V01", "党校报告厅", "市委党校", (380, 540), 420, "周六 9:00-17:00", 2, 1),
    Venue("V02", "人大代表联络站", "区人大", (250, 300), 110, "周一至周五 18:00-20:00", 1, 0),
    Venue("V03", "党员教育活动室", "区委组织部", (270, 260), 160, "每月第一个周六 9:00-12:00", 1, 0),
    Venue("V04", "招聘与培训大厅", "区公共就业和人才服务局", (1230, 590), 360, "周六至周日 9:00-17:00", 2, 1),
    Venue("V05", "医保服务厅", "区医保局", (1700, 120), 240, "周一至周五 17:30-19:30", 1, 0),
)


@lru_cache
def sites() -> pd.DataFrame:
    """Return the sites with Chinese headers as an office would write them; positions CGCS 2000 degrees."""
    rng = np.random.default_rng([SEED, 5])
    positions = FRAME.to_wgs84([site_point(site).coords[0] for site in SITES])
    rows = [
        {
            "编号": site.code,
            "名称": site.name,
            "状态": site.status,
            "经度": f"{lon:.6f}",
            "纬度": f"{lat:.6f}",
            "造价（万元）": f"{_cost_10k_cny(site, rng):.1f}",
            "建筑面积（㎡）": site.floor_area_m2,
            "功能": "、".join(site.functions),
            "取得方式": site.acquisition,
            "入驻社会组织（个）": site.organisations,
            "志愿服务工作室（个）": site.studios,
            "数据性质": "合成",
        }
        for site, (lon, lat) in zip(SITES, positions, strict=True)
    ]
    return pd.DataFrame(rows)


def venues() -> gpd.GeoDataFrame:
    """Return the shared venues, WGS 84."""
    points = [_host_point(None, venue.at) for venue in VENUES]
    return gpd.GeoDataFrame(
        {
            "编号": [venue.code for venue in VENUES],
            "名称": [venue.name for venue in VENUES],
            "单位": [venue.owner for venue in VENUES],
            "使用面积（㎡）": [venue.area_m2 for venue in VENUES],
            "开放时间": [venue.hours for venue in VENUES],
            "入驻社会组织（个）": [venue.organisations for venue in VENUES],
            "志愿服务工作室（个）": [venue.studios for venue in VENUES],
            "synthetic": "合成 synthetic",
        },
        geometry=points,
        crs=FRAME.epsg,
    ).to_crs(4326)


def site_point(site: Site) -> Point:
    """Return where a site stands, in the metric system."""
    return _host_point(site.host, site.at)


def _host_point(host: str | None, at: tuple[float, float]) -> Point:
    wished = Point(FRAME.place([at])[0])
    if host == "":
        return wished
    return min(_hosts(host), key=wished.distance).centroid


def _hosts(host: str | None) -> list[Polygon]:
    if host is None:
        return [thing.outline for thing in buildings()]
    return [building for compound in compounds() if compound.plan.name == host for building in compound.buildings]


def _cost_10k_cny(site: Site, rng: np.random.Generator) -> float:
    fit_out = rng.uniform(*FIT_OUT_CNY_M2)
    if site.status == "现有":
        return 0.0
    rate = NEW_BUILD_CNY_M2 if site.acquisition in ("新建", "购买") else fit_out
    return round(site.floor_area_m2 * rate / 10_000, 1)
