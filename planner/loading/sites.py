"""Stations that stand, and places where one may."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from planner.bilingual import Text, same
from planner.config import PlanConfig
from planner.loading.actions import read_actions
from planner.loading.layers import Layer, open_layer
from planner.loading.readers import read_raw
from planner.loading.shapes import settle_points
from planner.loading.site_phases import read_phases
from planner.loading.yes_no import read_yes_no
from planner.model import ANY_FUNCTION, STATUSES, CandidateSites, Note
from planner.model.labels import ACQUISITION_LABELS, FUNCTION_LABELS, SITE_STATUS_LABELS
from planner.schema import normalise, sites_contract


def _codes(words: Mapping[str, str], labels: Mapping[str, Text]) -> dict[str, str]:
    """Return every word a cell may use -> its code: our codes, their labels, and the words of practice."""
    known = {normalise(code): code for code in labels}
    known |= {normalise(label.zh): code for code, label in labels.items()}
    known |= {normalise(label.en): code for code, label in labels.items()}
    return known | {normalise(word): code for code, many in words.items() for word in many.split()}


STATUS_WORDS = _codes(
    {
        "existing": "现有 已有 已建 建成 已建成 在用 已投用 运营 运营中 既有 现状 已开放 open built",
        "under_construction": "在建 建设中 施工中 正在建设 building",
        "required": "必选 必建 必须 指定 必设 must",
        "candidate": "候选 候选点 备选 拟选 可选 待选 拟建 possible proposed",
        "excluded": "不可用 排除 不可选 不选 停用 已否决 不可行 unavailable",
    },
    SITE_STATUS_LABELS,
)
FUNCTION_WORDS = _codes(
    {
        "any": "综合 全部 不限 任意 任一 通用 all",
        "public_service": "便民服务站 便民服务 便民 政务服务 公共服务",
        "civic_practice": "新时代文明实践站 新时代文明实践 文明实践 文明实践站",
        "culture": "综合文化服务中心 综合文化服务 文化服务 文化 文化活动",
        "home_care": "居家养老中心 居家养老 居家养老服务站 养老服务 养老 日间照料",
        "after_school": "四点半学校 四点半课堂 课后托管 课后服务",
        "children": "儿童之家 儿童 儿童服务 亲子 托育",
        "health": "医疗卫生 医疗 卫生 卫生服务 健康",
        "meals": "助餐 老年助餐 食堂 老年食堂 就餐",
    },
    FUNCTION_LABELS,
)
ACQUISITION_WORDS = _codes(
    {
        "new_build": "新建",
        "convert": "改造 改建 改扩建",
        "purchase": "购买 购置",
        "granted": "政府无偿提供 无偿提供 无偿划拨 划拨 无偿使用",
        "shared": "单位共享 共享 共建共享",
        "lease": "租用 租赁 租借 租",
        "swap": "置换",
    },
    ACQUISITION_LABELS,
)
_SEPARATORS = re.compile(r"[、;,/|\n]+")


def load_sites(config: PlanConfig, crs: CRS) -> CandidateSites:
    """Load stations and candidate sites; an empty table where the plan has no [sites].

    Status, functions and acquisition may be our codes or the words of practice; money in 元 or 万元 becomes CNY.

    Raises
    ------
    TableError, CrsError
        With every fault of the file.
    """
    if config.sites is None:
        return no_sites(crs)
    layer = open_layer(read_raw(config, config.sites), "sites", "sites", crs, config.sites.crs, config.sites.columns)
    settle_points(layer)
    _read_status(layer)
    without_functions = _blank(layer, "functions")
    _read_functions(layer, config)
    _read_acquisition(layer)
    _fill_costs(layer, config)
    _read_proposed(layer)
    _note_released_money(layer)
    for area in ("floor_area_m2", "site_area_m2"):
        if area not in layer.table:
            layer.table[area] = np.nan
    layer.name_rows()
    read_actions(layer, without_functions)
    read_phases(layer, config)
    layer.check(sites_contract(STATUSES))
    layer.refuse_faults()
    return CandidateSites(layer.indexed(), tuple(layer.notes), source=layer.source)


def _blank(layer: Layer, column: str) -> list[bool]:
    """Whether each row says nothing in a column."""
    return layer.table[column].isna().tolist() if column in layer.table else [True] * len(layer.table)


def no_sites(crs: CRS) -> CandidateSites:
    """Return a table of sites with nothing in it."""
    words = {name: pd.Series(dtype=object) for name in ("name", "status", "functions", "acquisition")}
    numbers = {name: pd.Series(dtype=float) for name in ("cost_cny", "floor_area_m2", "site_area_m2")}
    empty = pd.DataFrame(words | numbers, index=pd.Index([], dtype=object))
    return CandidateSites(gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=crs), crs=crs))


def _read_status(layer: Layer) -> None:
    if "status" not in layer.table:
        layer.table["status"] = pd.Series("candidate", index=layer.table.index, dtype=object)
        words = Text(
            "{file} 没有状态列，全部视为候选点。", "{file} has no status column; every site is taken as a candidate."
        )
        layer.notes.append(Note("sites.status_assumed", "assumption", words.format(file=layer.source)))
        return
    expected = Text("现有、在建、必选、候选或不可用", " | ".join(STATUSES))
    for row, word in layer.table["status"].items():
        if word is None:
            layer.add_fault(int(str(row)), "status", Text("缺失", "missing"), expected)
        elif normalise(word) not in STATUS_WORDS:
            layer.add_fault(int(str(row)), "status", same(word), expected)
    layer.table["status"] = [
        None if word is None else STATUS_WORDS.get(normalise(word), word) for word in layer.table["status"]
    ]


def _read_functions(layer: Layer, config: PlanConfig) -> None:
    """Turn functions into codes: none is `any`, and one that nobody named before keeps its own word."""
    if "functions" not in layer.table:
        layer.table["functions"] = ANY_FUNCTION
    else:
        layer.table["functions"] = [function_codes(words) for words in layer.table["functions"].tolist()]
    offered = {code for codes in layer.table["functions"] for code in codes.split(";")} | {ANY_FUNCTION}
    for function in sorted({need.function for need in config.needs} - offered):
        words = Text(
            "{file}：没有站点提供需求所要的功能「{function}」；现有功能：{offered}。",
            "{file}: no site offers the function “{function}” that a need asks for; offered: {offered}.",
        ).format(file=layer.source, function=function, offered=", ".join(sorted(offered)))
        layer.notes.append(Note("sites.function_not_offered", "warning", words, (function,)))


def function_codes(words: str | None) -> str:
    """Return functions as codes joined by ";".

    Examples
    --------
    >>> function_codes("便民服务站、居家养老;儿童之家"), function_codes(None), function_codes("法律咨询")
    ('public_service;home_care;children', 'any', '法律咨询')
    """
    parts = [part.strip() for part in _SEPARATORS.split(unicodedata.normalize("NFKC", words or "")) if part.strip()]
    codes = [FUNCTION_WORDS.get(normalise(part), part) for part in parts]
    return ";".join(dict.fromkeys(codes)) or ANY_FUNCTION


def _read_acquisition(layer: Layer) -> None:
    if "acquisition" not in layer.table:
        layer.table["acquisition"] = pd.Series(None, index=layer.table.index, dtype=object)
        return
    words = layer.table["acquisition"].tolist()
    codes = [None if word is None else ACQUISITION_WORDS.get(normalise(word), word) for word in words]
    layer.table["acquisition"] = pd.Series(codes, index=layer.table.index, dtype=object)
    unknown = sorted({code for code in codes if code is not None and code not in ACQUISITION_LABELS})
    if unknown:
        found = Text(
            "{file}：取得方式 {words} 不是已知的类别，照原文保留。",
            "{file}: {words} are no known ways to obtain space; kept as written.",
        )
        listed = found.format(file=layer.source, words="、".join(unknown[:10]))
        layer.notes.append(Note("sites.acquisition_unknown", "warning", listed, tuple(unknown[:5])))


def _read_proposed(layer: Layer) -> None:
    """Keep the mark of sites that the planner proposed and nobody has confirmed, with a warning that counts them."""
    if "proposed" not in layer.table:
        return
    layer.table["proposed"] = (read_yes_no(layer, "proposed") == True).astype(bool)  # noqa: E712
    count = int(layer.table["proposed"].sum())
    if count:
        words = Text(
            "{file}：{n} 个站点是程序提出的建议点，未经核实；踏勘确认后请清空其“建议点”一列。",
            "{file}: {n} sites are proposals of the planner that nobody has checked; clear their column “proposed” "
            "after a visit.",
        )
        layer.notes.append(Note("sites.proposed", "warning", words.format(file=layer.source, n=count)))


def _fill_costs(layer: Layer, config: PlanConfig) -> None:
    """Let a site without a cost cost nothing; where money decides, that is worth a warning."""
    if "cost_cny" not in layer.table:
        layer.table["cost_cny"] = np.nan
    refused = [fault.row for fault in layer.faults if fault.column == layer.header("cost_cny")]
    missing = layer.table["cost_cny"].isna() & ~layer.table.index.isin(refused)
    layer.table.loc[missing, "cost_cny"] = 0.0
    layer.table.loc[layer.table.index.isin(refused) & layer.table["cost_cny"].isna(), "cost_cny"] = 0.0
    buildable = missing & layer.table["status"].isin(["candidate", "required"])
    if not buildable.any():
        return
    budget = any(constraint.name == "budget" for constraint in config.constraints) or config.limits_money_by_phase
    words = Text(
        "{file}：{n} 个可选站点没有造价，按 0 元计，投入合计不含它们。",
        "{file}: {n} sites to choose from have no cost; they count as free, and totals leave them out.",
    )
    if budget:
        words = Text(
            "{file}：{n} 个可选站点没有造价，按 0 元计；预算约束对它们不起作用。",
            "{file}: {n} sites to choose from have no cost and count as free; the budget does not bind them.",
        )
    examples = layer.table["name"][buildable].astype(str).tolist()[:5] if "name" in layer.table else []
    told = words.format(file=layer.source, n=int(buildable.sum()))
    layer.notes.append(Note("sites.cost_missing", "warning" if budget else "assumption", told, tuple(examples)))


def _note_released_money(layer: Layer) -> None:
    """Say where closing releases money: a plan counts it as money to spend, a treasury may not."""
    if "closing_cost_cny" not in layer.table:
        return
    released = layer.table["closing_cost_cny"] < 0
    if not released.any():
        return
    words = Text(
        "{file}：{n} 座驿站的关停费用为负，即关停可收回资金，方案将其抵减投入；国有资产处置收入能否自用，请先核实。",
        "{file}: {n} stations have a negative cost of closing: money that closing releases and a plan may spend. Check "
        "whether receipts for public assets may be kept.",
    )
    examples = layer.table["name"][released].astype(str).tolist()[:5] if "name" in layer.table else []
    told = words.format(file=layer.source, n=int(released.sum()))
    layer.notes.append(Note("sites.money_released", "assumption", told, tuple(examples)))
