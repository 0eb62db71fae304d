"""Read a plan file, override its keys, and refuse what cannot be used, all of it at once."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from planner.bilingual import Text, same
from planner.config.faults import faults_of
from planner.config.sections import PlanConfig
from planner.errors import Fault, InputError, PlanFileError


def read_plan(path: str | Path, overrides: Mapping[str, Any] | None = None) -> PlanConfig:
    """Read a plan file, or the folder that holds one.

    Parameters
    ----------
    path : path
        A `plan.toml`, or a folder with one in it.
    overrides : mapping, optional
        Dotted keys and their values: `{"solver.gap": 0.01, "constraints.station_count.stations": 3}`. An entry of a
        list is named by its position or by its `name`.

    Raises
    ------
    PlanFileError
        With every unknown, missing or unusable key at once.
    """
    file = _plan_file(Path(path))
    text = _read_text(file)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanFileError(
            Text("方案文件不是有效的 TOML。", "The plan file is not valid TOML."),
            [Fault(str(file), same(error), Text("TOML 语法", "TOML syntax"))],
        ) from None
    _override_all(content, overrides or {})
    try:
        config = PlanConfig.model_validate(content)
    except ValidationError as error:
        raise PlanFileError(
            Text("方案文件有误。", "The plan file is at fault."),
            faults_of(error, file, text, overrides or {}),
        ) from None
    config._folder, config._text, config._overrides = file.parent, text, dict(overrides or {})
    _check_walkers(config, file)
    return config


def _plan_file(path: Path) -> Path:
    try:
        file = path / "plan.toml" if path.is_dir() else path
        there = file.is_file()
    except (OSError, ValueError):  # a name no file can have
        file, there = path, False
    if not there:
        raise PlanFileError(
            Text("找不到方案文件。", "There is no plan file."),
            [
                Fault(
                    str(file)[:200],
                    Text("没有这个文件", "no such file"),
                    Text("plan.toml 或其所在文件夹", "a plan.toml or the folder that holds it"),
                )
            ],
        )
    return file


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise PlanFileError(
            Text("方案文件无法读取。", "The plan file cannot be read."),
            [Fault(str(file), same(error.strerror), Text("可读的文件", "a file that can be read"))],
        ) from None
    except UnicodeDecodeError:
        raise PlanFileError(
            Text("方案文件不是 UTF-8 编码。", "The plan file is not UTF-8."),
            [Fault(str(file), Text("无法解码的字节", "bytes that do not decode"), same("UTF-8"))],
        ) from None


def _override_all(content: dict[str, Any], overrides: Mapping[str, Any]) -> None:
    faults = [fault for key, value in overrides.items() if (fault := _override(content, key, value)) is not None]
    if faults:
        raise PlanFileError(Text("无法覆盖该键。", "The key cannot be set."), faults)


def _override(content: dict[str, Any], key: str, value: object) -> Fault | None:
    """Set one key; where it leads nowhere, return what is wrong with it."""
    *parents, last = str(key).split(".")
    place: Any = content
    for part in parents:
        if isinstance(place, dict):
            place = place.setdefault(part, {})
        else:
            place = _entry(place, part) if isinstance(place, list) else None
    if isinstance(place, list):
        expected = Text("列表项之下的键，如 needs.0.weight", "a key below a list entry, like needs.0.weight")
        return Fault("--set", same(key), expected)
    if not isinstance(place, dict):
        return Fault("--set", same(key), Text("方案中的键，如 solver.gap", "a key of the plan, like solver.gap"))
    place[last] = value
    return None


def _entry(entries: list[Any], part: str) -> Any:
    if part.isdecimal():
        return entries[int(part)] if int(part) < len(entries) else None
    return next((entry for entry in entries if isinstance(entry, dict) and entry.get("name") == part), None)


def _check_walkers(config: PlanConfig, file: Path) -> None:
    faults: list[Fault] = []
    for name in sorted({need.walker for need in config.needs} | set(config.walkers)):
        try:
            config.walker(name)
        except InputError as error:
            faults += [
                dataclasses.replace(fault, file=str(file), column=f"walkers.{name}.{fault.column}")
                for fault in error.faults
            ]
    if faults:
        raise PlanFileError(Text("方案文件有误。", "The plan file is at fault."), faults)
