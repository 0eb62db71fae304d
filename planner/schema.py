"""What incoming tables may call their columns, and what the columns must hold.

A header is matched after NFKC normalisation, without brackets, units, spaces and punctuation, in any case:
「面积(㎡)」 is `floor_area_m2`. `Column.synonyms` are equals: two of them in one file are refused.
`Column.fallbacks` are vaguer words that count only where none of the synonyms is there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast

from planner.bilingual import Text

if TYPE_CHECKING:
    import pandera.pandas as pa

Kind = Literal[
    "id",
    "text",
    "count",
    "area_m2",
    "cost_cny",
    "duration_min",
    "number",
    "position",
    "geometry",
    "status",
    "codes",
    "yes_no",
]
TableName = Literal["demand", "sites", "gates", "compounds", "grids", "venues", "background", "changes", "zones"]

#: What one unit of a header or cell is worth in ours.
UNITS: Mapping[str, Mapping[str, float]] = {
    "cost_cny": {
        "元": 1,
        "cny": 1,
        "rmb": 1,
        "人民币": 1,
        "千元": 1e3,
        "万": 1e4,
        "万元": 1e4,
        "10kcny": 1e4,
        "亿元": 1e8,
    },
    "area_m2": {
        "m2": 1,
        "m²": 1,
        "sqm": 1,
        "平方米": 1,
        "平米": 1,
        "平方": 1,
        "公顷": 1e4,
        "ha": 1e4,
        "亩": 2000 / 3,
        "万平方米": 1e4,
    },
    "count": {"人": 1, "户": 1, "个": 1, "名": 1, "位": 1, "口": 1, "万人": 1e4, "万户": 1e4, "千人": 1e3},
    "duration_min": {"min": 1, "minutes": 1, "分钟": 1, "分": 1, "sec": 1 / 60, "seconds": 1 / 60, "秒": 1 / 60},
    "number": {},
    "position": {"m": 1, "米": 1, "°": 1, "度": 1},
}


@dataclass(frozen=True)
class Column:
    """One column: our name, what it holds, what it is called in front of a reader, and what files call it."""

    name: str
    kind: Kind
    label: Text
    synonyms: tuple[str, ...]
    fallbacks: tuple[str, ...] = ()


def _glossary(words: str) -> tuple[Column, ...]:
    """Read `name | kind | Chinese | English` lines, each with the words files use below it; vaguer ones after a ~."""
    columns: list[Column] = []
    for line in words.strip().splitlines():
        if not line.startswith(" "):
            name, kind, zh, en = (part.strip() for part in line.split("|"))
            columns.append(Column(name, cast(Kind, kind), Text(zh, en), (), ()))
            continue
        last = columns.pop()
        synonyms, _, fallbacks = line.partition("~")
        columns.append(
            replace(
                last,
                synonyms=last.synonyms + tuple(synonyms.split()),
                fallbacks=last.fallbacks + tuple(fallbacks.split()),
            )
        )
    return tuple(columns)


_PLACES = {
    column.name: column
    for column in _glossary("""
id | id | 编号 | id
    编号 代码 编码 id code 唯一编号 唯一码 ~ 序号 no fid objectid 序
x | position | 经度或东坐标 | longitude or easting
    经度 lng lon long longitude x 东经 x坐标 横坐标 东坐标 easting
y | position | 纬度或北坐标 | latitude or northing
    纬度 lat latitude y 北纬 y坐标 纵坐标 北坐标 northing
geometry | geometry | 几何(WKT) | geometry as WKT
    wkt geometry geom 几何 图形
street | text | 街道 | street office
    街道 所属街道 街道名称 街道办 街道办事处 乡镇街道 subdistrict
community | text | 社区 | community
    社区 所属社区 社区名称 居委会 所属居委会 社区居委会 村社区 community 社区村
grid | text | 网格 | grid
    网格编号 网格号 网格代码 网格编码 gridid ~ 网格 所属网格 网格名称 所在网格 grid
compound | text | 小区 | compound
    小区 小区名称 小区名 所属小区 所在小区 住宅小区 居住小区 compound 小区院落 院落
building_name | text | 楼栋 | building
    楼栋 楼栋号 楼栋名称 楼号 栋号 楼幢 幢号 楼名 buildingname buildingno
""")
}

GROUPS = _glossary("""
resident_population | count | 常住人口 | residents
    常住人口 常住人口数 常住 人口数 人口 总人口 总人口数 人数 居民人数 居民数 实有人口 居住人口 residentpopulation
    population residents people pop
households | count | 户数 | households
    户数 总户数 居民户数 住户数 住户 家庭户数 常住户数 居民户 入住户数 households householdcount
registered_population | count | 户籍人口 | registered residents
    户籍人口 户籍人口数 户籍 户籍人数 registeredpopulation hukoupopulation
floating_population | count | 流动人口 | floating population
    流动人口 流动人口数 流动 外来人口 外来人员 外来人口数 暂住人口 floatingpopulation migrants
elderly_population | count | 老年人口 | elderly residents
    老年人口 老年人口数 老年人 老年人数 老人 老人数 60岁以上 60岁及以上 60岁以上人口 60岁及以上人口 60岁以上老人
    60岁以上老年人 60岁及以上老年人 60岁以上人数 60岁及以上人数 60岁以上人口数 六十岁以上 六十岁以上人口 60+
    六十岁及以上人口 elderlypopulation elderly population60plus pop60plus seniors
population_80_plus | count | 80 岁及以上人口 | residents aged 80 and over
    80岁以上 80岁及以上 80岁以上人口 80岁及以上人口 高龄老人 高龄老年人 高龄人口 80岁以上老人 population80plus 80+
    pop80plus
children_population | count | 儿童 | children
    儿童 儿童数 儿童人数 儿童人口 少年儿童 少儿人口 未成年人 未成年人口 childrenpopulation children childpopulation
    0-14岁 0-14岁人口 14岁以下 14岁以下人口
adult_population | count | 成年人口 | adults
    成年人口 成年人 成年人数 劳动年龄人口 adultpopulation adults 15-59岁 15-59岁人口 18-59岁 18-59岁人口
mobility_limited_population | count | 行动不便人员 | people with limited mobility
    行动不便 行动不便人员 行动不便人口 行动不便人数 行动不便者 失能老人 残疾人 残疾人数 残疾人口
    mobilitylimitedpopulation mobilitylimited disabled
""")

_AREAS = _glossary("""
floor_area_m2 | area_m2 | 建筑面积 | floor area
    建筑面积 floorarea 室内面积 建面 总建筑面积 grossfloorarea ~ 面积 area
usable_area_m2 | area_m2 | 使用面积 | usable area
    使用面积 可用面积 套内面积 usablearea
site_area_m2 | area_m2 | 占地面积 | site area
    占地面积 用地面积 场地面积 室外面积 sitearea
activity_area_m2 | area_m2 | 活动面积 | activity area
    活动面积 活动区面积 活动区域面积 activityarea
office_area_m2 | area_m2 | 办公面积 | office area
    办公面积 办公区面积 办公区域面积 officearea
service_area_m2 | area_m2 | 便民服务面积 | service area
    便民面积 便民服务面积 便民区域面积 servicearea
""")

_DEMAND = _glossary("""
name | text | 名称 | name
    名称 name 居住点 居民点 楼盘名称 楼盘 建筑名称 住宅名称 需求点 需求点名称
building_min | duration_min | 楼内时间 | minutes inside the building
    楼内时间 楼内用时 楼内耗时 楼内步行时间 下楼时间 出楼时间 电梯等候 电梯等候时间 等电梯时间 候梯时间
    buildingtime timeinbuilding insidemin
""")

_SITES = _glossary("""
name | text | 名称 | name
    名称 name 站点名称 站点 驿站名称 驿站 候选点 候选点名称 场所名称 场所 阵地名称 阵地 党群服务站 服务站名称
    点位名称 点位
status | status | 状态 | status
    状态 建设状态 站点状态 现状 建设情况 status state 建设进度 ~ 类别 性质 类型
cost_cny | cost_cny | 造价 | cost
    造价 投资 总投资 投资额 估算投资 投资估算 建设费用 费用 建设成本 成本 预算 概算 资金 改造费用 cost budget price
    investment
closing_cost_cny | cost_cny | 关停费用 | cost of closing
    关停费用 关闭费用 撤销费用 撤站费用 腾退费用 停用费用 closingcost costofclosing
functions | codes | 功能 | functions
    功能 服务功能 站点功能 功能类型 可设功能 functions function
acquisition | codes | 取得方式 | how the space is obtained
    取得方式 获取方式 来源方式 空间来源 建设方式 场地来源 acquisition
proposed | yes_no | 建议点 | proposal of the planner
    建议点 是否建议点 proposed
capacity | number | 容量 | capacity
    容量 服务能力 接待能力 容纳人数 服务人数上限 capacity
open_from | text | 可用阶段 | open from phase
    可用阶段 可用年份 建成阶段 建成年份 启用年份 投用年份 openfrom
available_from | text | 可选阶段 | available from phase
    可选阶段 可选年份 可建阶段 可建年份 可启动年份 availablefrom
action | codes | 行动 | action
    行动 行动类型 建设行动 拟采取行动 实施方式 处置方式 action
replaces | text | 替代站点 | replaces
    替代站点 替代驿站 被替代站点 被替代驿站 原站点 原驿站 原站点编号 原驿站编号 replaces
""")

_GATES = _glossary("""
name | text | 名称 | name
    名称 name 出入口名称 出入口 大门 大门名称 门名 gate gatename 小区出入口
pedestrian | yes_no | 行人通行 | open to walkers
    行人通行 行人可通行 可步行 步行通行 人行 行人 通行行人 pedestrian foot walkers
hours | text | 开放时间 | opening hours
    开放时间 开放时段 通行时间 通行时段 开门时间 hours openinghours opening_hours
open_to_outsiders | yes_no | 对外开放 | open to outsiders
    对外开放 是否对外开放 外来人员可进 外人可进 允许外来人员 允许外来人员进入 opentooutsiders outsiders public
closed_in_emergency | yes_no | 应急关闭 | closed in an emergency
    应急关闭 应急时关闭 应急状态关闭 疫情关闭 疫情封闭 封控关闭 应急封闭 closedinemergency emergencyclosed
""")

_COMPOUNDS = _glossary("""
compound | text | 小区 | compound
    小区 小区名称 小区名 compound 住宅小区 居住小区 院落 小区院落 ~ 名称 name
walled | yes_no | 有围墙 | walled
    有围墙 围墙 是否有围墙 封闭 是否封闭 封闭小区 封闭管理 walled gated wall
""")

_GRIDS = _glossary("""
id | id | 网格编号 | grid id
    编号 网格编号 网格代码 网格编码 网格号 代码 编码 id code gridid ~ 序号 fid no
name | text | 网格名称 | grid name
    名称 name 网格 网格名称 网格名 grid gridname
""")

_VENUES = _glossary("""
name | text | 名称 | name
    名称 name 场所 场所名称 场地名称 场地 场馆 场馆名称 venue
owner | text | 单位 | resident unit
    单位 单位名称 驻区单位 所属单位 产权单位 owner unit
hours | text | 开放时间 | opening hours
    开放时间 开放时段 共享时段 共享时间 hours openinghours
can_be_station | yes_no | 可设驿站 | can be a station
    可设驿站 可作驿站 可共享设站 可设站 canbestation
cost_cny | cost_cny | 造价 | cost
    造价 投资 总投资 投资额 估算投资 投资估算 建设费用 费用 建设成本 成本 预算 概算 资金 改造费用 cost budget price
    investment
functions | codes | 功能 | functions
    功能 服务功能 站点功能 功能类型 可设功能 functions function
capacity | number | 容量 | capacity
    容量 服务能力 接待能力 容纳人数 服务人数上限 capacity
""")

_BACKGROUND = _glossary("""
kind | text | 类别 | kind
    类别 类型 种类 地物 地物类型 kind type class category layer 要素类型 fclass
""")

_ZONES = _glossary("""
name | text | 名称 | name
    名称 name 区域 区域名称 地块 地块名称 zone zonename
kind | codes | 类别 | kind
    类别 类型 种类 管制类型 区域类型 kind type class category
""")

_CHANGES = _glossary("""
name | text | 名称 | name
    名称 name 项目名称 项目 变更名称 巷道名称 巷道 背街小巷 project lane
kind | codes | 变更类型 | kind of change
    变更类型 类型 类别 变更 措施 改造类型 kind type change action
cost_cny | cost_cny | 造价 | cost
    造价 投资 总投资 投资额 估算投资 投资估算 建设费用 费用 建设成本 成本 预算 概算 资金 改造费用 cost budget price
    investment
highway | text | 道路类型 | kind of path
    道路类型 道路类别 通道类型 highway pathtype
stairs | yes_no | 台阶 | steps
    台阶 有台阶 梯道 stairs steps
crossing | codes | 过街方式 | crossing
    过街方式 过街 过街设施 crossing
joins | yes_no | 平面相交 | meets the paths it crosses
    平面相交 与现有道路相交 相交 joins samelevel
open_to_outsiders | yes_no | 对外开放 | open to outsiders
    对外开放 是否对外开放 外来人员可进 外人可进 opentooutsiders outsiders
removes_steps | yes_no | 取消台阶 | takes steps away
    取消台阶 台阶改坡道 改坡道 坡道改造 removessteps ramp
removes_waits | yes_no | 取消过街等待 | takes waits at crossings away
    取消过街等待 取消等待 removeswaits
opens_to_public | yes_no | 内部路开放 | opens private ways
    内部路开放 开放通行 向公众开放 openstopublic
gate | text | 出入口编号 | gate id
    出入口编号 大门编号 出入口 gate gateid
""")


def _places(*names: str) -> tuple[Column, ...]:
    return tuple(_PLACES[name] for name in names)


_POSITION = _places("x", "y", "geometry")
_LEVELS = _places("compound", "grid", "community", "street")

TABLES: Mapping[TableName, tuple[Column, ...]] = {
    "demand": (*_places("id"), *_DEMAND, *_places("building_name"), *_LEVELS, *GROUPS, *_POSITION),
    "sites": (*_places("id"), *_SITES, *_AREAS, *_LEVELS, *_POSITION),
    "gates": (*_places("id"), *_GATES, *_places("compound"), *_POSITION),
    "compounds": (*_COMPOUNDS, *_places("geometry")),
    "grids": (*_GRIDS, *_places("community", "street", "geometry")),
    "venues": (*_places("id"), *_VENUES, *_AREAS, *_POSITION),
    "background": (*_BACKGROUND, *_places("geometry")),
    "changes": (*_places("id"), *_CHANGES, *_places("geometry")),
    "zones": (*_places("id"), *_ZONES, *_places("geometry")),
}

#: Columns whose merged cells are filled down: the areas a row belongs to.
LEVELS = ("street", "community", "grid", "compound")

LABELS: Mapping[str, Text] = {column.name: column.label for columns in TABLES.values() for column in columns}

_BRACKETS = re.compile(r"[\(\[\{【〔<「『][^\)\]\}】〕>」』]*[\)\]\}】〕>」』]")
_PUNCTUATION = re.compile(r"[\s_\-‐–—/\\:;,.、。·*#\"'`?!]+")
_PART_OF_PEOPLE = re.compile(r".(?!含|包括).*(?:岁|其中|老年|儿童|流动|户籍|外来)")
_AGE_RANGE = re.compile(r"(\d)\s*[-~–—至到]\s*(\d)")


def normalise(header: object) -> str:
    """Return a header as the dictionary knows it.

    Examples
    --------
    >>> normalise(" 面积 (㎡)"), normalise("Resident_Population"), normalise("60岁以上(人)"), normalise("0~14岁")
    ('面积', 'residentpopulation', '60岁以上', '0-14岁')
    >>> normalise("60岁以上(含60岁)"), normalise("人口(60岁以上)")
    ('60岁以上', '人口(60岁以上)')
    """
    plain = unicodedata.normalize("NFKC", str(header)).casefold()
    plain = _BRACKETS.sub(_without_remark, plain) or plain
    plain = _AGE_RANGE.sub("\\1\0\\2", plain)
    return _PUNCTUATION.sub("", plain).replace("\0", "-")


def _without_remark(bracketed: re.Match[str]) -> str:
    """Drop what stands in brackets, unless it says that only some of the people are meant: 人口(60岁以上)."""
    return bracketed.group() if _PART_OF_PEOPLE.match(bracketed.group()) else ""


def split_unit(header: object, kind: Kind) -> tuple[str, str | None]:
    """Return a header's normalised name, and the unit that stands in its brackets or at its end.

    Examples
    --------
    >>> split_unit("造价(万元)", "cost_cny"), split_unit("cost_cny", "cost_cny"), split_unit("面积", "area_m2")
    (('造价', '万元'), ('cost', 'cny'), ('面积', None))
    """
    plain = unicodedata.normalize("NFKC", str(header)).casefold()
    name, units = normalise(header), UNITS.get(kind, {})
    bracketed = re.search(r"[\(\[\{【〔](?:单位)?[:\s]*([^\)\]\}】〕]*)[\)\]\}】〕]", plain)
    if bracketed:
        return name, bracketed.group(1).strip() or None
    for unit in sorted(units, key=len, reverse=True):
        if name.endswith(unit) and len(name) > len(unit):
            return name.removesuffix(unit), unit
    return name, None


def demand_contract(groups: Iterable[str]) -> pa.DataFrameSchema:
    """Return the contract of a demand table: unique ids, positions, and counts of 0 or more for each group."""
    import pandera.pandas as pa

    columns = {"id": _unique_id(), "x": _finite(), "y": _finite()}
    few_minutes = pa.Check.in_range(0, MOST_BUILDING_MIN, error="building_min")
    columns["building_min"] = pa.Column(float, few_minutes, nullable=True, required=False)
    return pa.DataFrameSchema(columns | {group: _at_least_zero(most=MOST_PEOPLE) for group in groups})


def sites_contract(statuses: Iterable[str]) -> pa.DataFrameSchema:
    """Return the contract of the sites: unique ids, positions, a known status, money and areas of 0 or more."""
    import pandera.pandas as pa

    columns = {"id": _unique_id(), "x": _finite(), "y": _finite(), "cost_cny": _at_least_zero()}
    columns["status"] = pa.Column(None, pa.Check.isin(tuple(statuses), error="status"), nullable=False)
    optional = {column.name: _at_least_zero(nullable=True, required=False) for column in _AREAS}
    optional["capacity"] = _at_least_zero(nullable=True, required=False)
    optional["closing_cost_cny"] = pa.Column(
        float, pa.Check.in_range(-1e15, 1e15, error="money"), nullable=True, required=False
    )
    return pa.DataFrameSchema(columns | optional)


def gates_contract() -> pa.DataFrameSchema:
    """Return the contract of gates: unique ids, positions, and the compound each belongs to."""
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {"id": _unique_id(), "x": _finite(), "y": _finite(), "compound": pa.Column(None, nullable=False)}
    )


def compounds_contract() -> pa.DataFrameSchema:
    """Return the contract of compounds: unique names. Their polygons are checked with the coordinates."""
    import pandera.pandas as pa

    return pa.DataFrameSchema({"compound": _unique_id()})


def grids_contract() -> pa.DataFrameSchema:
    """Return the contract of grids: unique ids. Their polygons are checked with the coordinates."""
    import pandera.pandas as pa

    return pa.DataFrameSchema({"id": _unique_id()})


def zones_contract() -> pa.DataFrameSchema:
    """Return the contract of zones: unique ids. Their polygons are checked with the coordinates."""
    return grids_contract()


def venues_contract() -> pa.DataFrameSchema:
    """Return the contract of shared venues: unique ids and positions."""
    import pandera.pandas as pa

    areas = {column.name: _at_least_zero(nullable=True, required=False) for column in _AREAS}
    numbers = {name: _at_least_zero(nullable=True, required=False) for name in ("cost_cny", "capacity")}
    return pa.DataFrameSchema({"id": _unique_id(), "x": _finite(), "y": _finite()} | areas | numbers)


def changes_contract() -> pa.DataFrameSchema:
    """Return the contract of changes of the streets: unique ids, a kind, money of 0 or more."""
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {"id": _unique_id(), "kind": pa.Column(None, nullable=False), "cost_cny": _at_least_zero()}
    )


#: No home has more people than a large city.
MOST_PEOPLE = 10_000_000

#: Nobody needs longer from the flat to the door of the building.
MOST_BUILDING_MIN = 60

#: What each check of a contract expects, by the name the check carries.
EXPECTED: Mapping[str, Text] = {
    "at_least_zero": Text("不小于 0 的数", "a number of 0 or more"),
    "people": Text("0 到一千万之间的人数", "a number of people from 0 to ten million"),
    "building_min": Text("0 到 60 分钟", "0 to 60 minutes"),
    "finite": Text("坐标", "a coordinate"),
    "money": Text("一个金额", "an amount of money"),
    "not_nullable": Text("必填", "a value"),
    "field_uniqueness": Text("每个编号只出现一次", "each id once"),
}


def _unique_id() -> pa.Column:
    import pandera.pandas as pa

    return pa.Column(None, unique=True, nullable=False)


def _finite() -> pa.Column:
    import pandera.pandas as pa

    return pa.Column(float, pa.Check.in_range(-1e12, 1e12, error="finite"), nullable=False)


def _at_least_zero(nullable: bool = False, required: bool = True, most: float = 1e15) -> pa.Column:
    import pandera.pandas as pa

    check = pa.Check.in_range(0, most, error="people" if most == MOST_PEOPLE else "at_least_zero")
    return pa.Column(float, check, nullable=nullable, required=required)
