"""Proposals as a table of sites for a planner to edit: move, rename, price, delete, and name in `[sites]`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from planner.bilingual import Language, Text, same
from planner.errors import Fault, InputError
from planner.model import ANY_FUNCTION
from planner.model.figures import people
from planner.model.labels import SITE_STATUS_LABELS, functions_label
from planner.proposals import Proposed
from planner.report.figure import number
from planner.report.whole_files import write_files

#: Positions are written in this system, which `[sites]` must declare for tables.
WRITTEN_IN = "EPSG:4326"


def write_proposals(proposals: gpd.GeoDataFrame, path: str | Path) -> Path:
    """Write proposals as `.xlsx`, `.csv`, `.gpkg` or `.geojson`, under headers that `[sites]` reads.

    Parameters
    ----------
    proposals : GeoDataFrame
        Rows of `planner.proposals.propose`.
    path : path
        Replaced if it exists.

    Raises
    ------
    InputError
        If the kind of file is not one of these, or the file cannot be written.
    """
    file = Path(path)
    write = writer_for(file)
    table = _table(proposals.to_crs(WRITTEN_IN))
    (written,) = write_files(file.parent, {file.name: lambda part: write(table, part)})
    return written


def writer_for(file: Path) -> Callable[[gpd.GeoDataFrame, Path], None]:
    """Return what writes this kind of file.

    Raises
    ------
    InputError
        If there is none.
    """
    if file.suffix.lower() in _WRITERS:
        return _WRITERS[file.suffix.lower()]
    known = " ".join(_WRITERS)
    raise InputError(
        Text("建议点不能写成这类文件。", "Proposals cannot be written as this kind of file."),
        [
            Fault(
                "--out",
                same(file.name),
                Text("{known} 之一", "one of {known}").format(known=known),
            )
        ],
    )


def _table(proposals: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    told = {
        "编号": proposals.index.astype(str),
        "名称": proposals["name"].astype(str),
        "状态": SITE_STATUS_LABELS["candidate"].zh,
        "建议点": "是",
        "造价（元）": proposals["cost_cny"].where(proposals["cost_cny"] > 0),
        "功能": [_functions(codes) for codes in proposals["functions"]],
        "新增覆盖人数": proposals["proposed_people"].astype(float),
        "位置": proposals["proposed_at"].map({"building": "建筑", "path": "道路旁"}),
    }
    table = pd.DataFrame(told, index=proposals.index).reset_index(drop=True)
    return gpd.GeoDataFrame(table, geometry=proposals.geometry.to_numpy(), crs=proposals.crs)


def _functions(codes: str) -> str:
    return "" if codes == ANY_FUNCTION else functions_label(codes).zh


def _with_lon_lat(table: gpd.GeoDataFrame) -> pd.DataFrame:
    placed = pd.DataFrame(table.drop(columns="geometry"))
    placed["经度"], placed["纬度"] = table.geometry.x.round(7), table.geometry.y.round(7)
    return placed


def _write_csv(table: gpd.GeoDataFrame, file: Path) -> None:
    _with_lon_lat(table).to_csv(file, index=False, encoding="utf-8-sig")


def _write_xlsx(table: gpd.GeoDataFrame, file: Path) -> None:
    with pd.ExcelWriter(file, engine="xlsxwriter") as workbook:
        _with_lon_lat(table).to_excel(workbook, sheet_name="建议点", index=False)
        workbook.sheets["建议点"].set_column(0, len(table.columns), 16)


def _write_layer(driver: str) -> Callable[[gpd.GeoDataFrame, Path], None]:
    def write(table: gpd.GeoDataFrame, file: Path) -> None:
        pyogrio.write_dataframe(table, file, driver=driver, layer="sites")

    return write


_WRITERS: Mapping[str, Callable[[gpd.GeoDataFrame, Path], None]] = {
    ".xlsx": _write_xlsx,
    ".csv": _write_csv,
    ".gpkg": _write_layer("GPKG"),
    ".geojson": _write_layer("GeoJSON"),
}


def proposals_text(proposed: Proposed, file: Path, language: Language) -> str:
    """Return what a terminal shows of proposals: each with the people it adds, the notes, and the next step."""
    lines = [
        Text("{id}  新增覆盖 {people} 人", "{id}  adds {people} people").format(
            id=site, people=people(row["proposed_people"])
        )
        for site, row in proposed.table.iterrows()
    ]
    lines += [note.text for note in proposed.notes]
    if len(proposed.table):
        lines.append(
            Text(
                '已写入 {file}。核实修改后在方案的 [sites] 中写：path = "{file}"，crs = "{crs}"。',
                'Written to {file}. Check and edit it, then say in [sites]: path = "{file}", crs = "{crs}".',
            ).format(file=file, crs=WRITTEN_IN)
        )
    return "\n".join(line.in_language(language) for line in lines)


def proposals_json(proposed: Proposed) -> dict[str, Any]:
    """Return proposals for `--json`, positions in WGS 84."""
    degrees = proposed.table.geometry.to_crs(WRITTEN_IN)
    return {
        "proposed": [
            {
                "id": str(site),
                "name": str(row["name"]),
                "at": str(row["proposed_at"]),
                "people": number(row["proposed_people"]),
                "lon": number(point.x),
                "lat": number(point.y),
            }
            for (site, row), point in zip(proposed.table.iterrows(), degrees, strict=True)
        ],
        "notes": [
            {"code": note.code, "level": note.level, "zh": note.text.zh, "en": note.text.en} for note in proposed.notes
        ],
    }
