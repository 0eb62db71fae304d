"""How people walk, how far they should have to, and what they are looking for."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from numbers import Real
from typing import Literal

import numpy as np
import numpy.typing as npt

from planner.bilingual import Text, same
from planner.errors import Fault, InputError
from planner.model.named_walkers import WALKERS, walker_label
from planner.model.notes import Parameter, Status
from planner.model.slopes import SLOPES, TOBLER_SOURCE, Slope

MS_PER_MIN = 60_000
MM_PER_M = 1_000


def is_number(value: object) -> bool:
    """Whether a value is a real number: neither words nor true."""
    return isinstance(value, Real) and not isinstance(value, bool)


@dataclass(frozen=True)
class Walker:
    """How one group of people walks: the only place where metres become time.

    Times are whole milliseconds, so that "exactly 15 minutes" is exact and sums do not depend on their order.

    Parameters
    ----------
    name : str
        One of the names in `WALKERS` alone takes that walker; with a speed it makes a plain walker without delays.
    speed_m_s : float
        Speed on the level, metres per second.
    stairs_up_factor, stairs_down_factor : float
        Speed on steps as a share of the level speed.
    takes_stairs : bool
        False for wheelchairs and prams: steps are impassable.
    signal_wait_s, crossing_wait_s : float
        Mean wait at a signalled and at a plain crossing, seconds.
    slope : {"none", "tobler"}
        Whether slopes change the speed; see `planner.model.slopes`.
    max_slope : float, optional
        Paths that rise more than this share of their length are not walked up. No limit where not given.
    in_wheelchair : bool
        True: ways with `wheelchair=no` are closed.

    Raises
    ------
    InputError
        If the name is unknown and no speed is given, or a number is out of range.

    Examples
    --------
    >>> Walker("plain", speed_m_s=1.0).walk_ms(np.array([900.0])).tolist()
    [900000]
    >>> Walker("elderly").speed_m_s
    0.9
    """

    name: str
    speed_m_s: float = math.nan
    stairs_up_factor: float = 1.0
    stairs_down_factor: float = 1.0
    takes_stairs: bool = True
    signal_wait_s: float = 0.0
    crossing_wait_s: float = 0.0
    slope: Slope = "none"
    max_slope: float | None = None
    in_wheelchair: bool = False
    source: Text = field(default=Text("方案文件", "plan file"), compare=False)
    status: Status = field(default="chosen", compare=False)

    def __post_init__(self) -> None:
        if is_number(self.speed_m_s) and math.isnan(self.speed_m_s):
            self._take_defaults()
        faults = [
            Fault(
                f"walkers.{self.name}",
                same(value),
                Text("{low} 到 {high}", "{low} to {high}").format(low=low, high=high),
                column=key,
            )
            for key, low, high in _WALKER_LIMITS
            if not (is_number(value := getattr(self, key)) and low <= value <= high)
            and not (key == "max_slope" and value is None)
        ]
        if self.slope not in SLOPES:
            faults.append(Fault(f"walkers.{self.name}", same(self.slope), same(" | ".join(SLOPES)), column="slope"))
        if faults:
            raise InputError(Text("步行者参数超出范围。", "A walker's numbers are out of range."), faults)

    def _take_defaults(self) -> None:
        if self.name not in WALKERS:
            known = ", ".join(WALKERS)
            words = Text(
                "步行者「{name}」没有速度，也不是已有的：{known}。",
                "Walker “{name}” has no speed and is none of {known}.",
            )
            found = Text("没有步行者「{name}」的速度", "no speed for the walker “{name}”").format(name=self.name)
            expected = Text("步行速度，或已有的步行者：{known}", "a speed, or one of the walkers {known}")
            fault = Fault(f"walkers.{self.name}", found, expected.format(known=known), column="speed_m_s")
            raise InputError(words.format(name=self.name, known=known), [fault])
        for key, value in WALKERS[self.name].items():
            object.__setattr__(self, key, value)

    def walk_ms(
        self,
        length_m: npt.NDArray[np.float64],
        stairs: npt.NDArray[np.int8] | None = None,
        signal_halves: npt.NDArray[np.uint8] | None = None,
        crossing_halves: npt.NDArray[np.uint8] | None = None,
        *,
        level_m: npt.NDArray[np.float64] | None = None,
        steepest: npt.NDArray[np.float64] | None = None,
        wheels: npt.NDArray[np.int8] | None = None,
    ) -> npt.NDArray[np.int64]:
        """Return the time to walk each path from its start to its end, whole milliseconds.

        Parameters
        ----------
        length_m : array of float, shape (paths,)
        stairs : array of int8, shape (paths,), optional
            +1 steps leading up, -1 down, 2 steps of unknown direction (walked as if up), 0 no steps.
        signal_halves, crossing_halves : arrays of uint8, shape (paths,), optional
            Half crossings on the path: a crossing in the middle of a walk adds its wait in two halves,
            one on each side of the kerb-to-kerb point.
        level_m : array of float, shape (paths,), optional
            Metres on the level that take as long as the path in this direction; counts where `slope` says so.
        steepest : array of float, shape (paths,), optional
            The steepest rise on the path in this direction, a share of the length; compared with `max_slope`.
        wheels : array of int8, shape (paths,), optional
            -1 closed to wheelchairs; 1 steps with a ramp for prams, 2 for wheelchairs too; 0 nothing is said.

        Returns
        -------
        array of int64, shape (paths,)
            -1 where this walker cannot pass (steps for a wheelchair).
        """
        metres = length_m if level_m is None or self.slope == "none" else level_m
        seconds = np.asarray(metres, dtype=np.float64) / self.speed_m_s
        if stairs is not None:
            seconds = np.where(
                stairs == 0, seconds, seconds / np.where(stairs == -1, self.stairs_down_factor, self.stairs_up_factor)
            )
        if signal_halves is not None:
            seconds = seconds + signal_halves * (self.signal_wait_s / 2)
        if crossing_halves is not None:
            seconds = seconds + crossing_halves * (self.crossing_wait_s / 2)
        whole_ms = np.rint(seconds * 1000).astype(np.int64)
        return np.where(self._barred(stairs, steepest, wheels), -1, whole_ms)

    def _barred(
        self,
        stairs: npt.NDArray[np.int8] | None,
        steepest: npt.NDArray[np.float64] | None,
        wheels: npt.NDArray[np.int8] | None,
    ) -> npt.NDArray[np.bool_]:
        """Whether each path is closed to this walker: steps without a ramp, ways without room, slopes too steep."""
        barred = np.zeros(1, dtype=np.bool_)
        if stairs is not None and not self.takes_stairs:
            ramp = 0 if wheels is None else wheels
            barred = barred | ((stairs != 0) & (ramp < (2 if self.in_wheelchair else 1)))
        if wheels is not None and self.in_wheelchair:
            barred = barred | (wheels == -1)
        if steepest is not None and self.max_slope is not None:
            barred = barred | (steepest > self.max_slope + SLOPE_TOLERANCE)
        return barred

    def parameters(self) -> tuple[Parameter, ...]:
        """Return what is assumed about this walker, for the brief."""
        called = walker_label(self.name)
        label = Text("步行速度（{name}）", "walking speed ({name})").format(name=called)
        rows = [Parameter(f"walker.{self.name}.speed_m_s", label, f"{self.speed_m_s:g} m/s", self.source, self.status)]
        if self.stairs_up_factor != 1 or self.stairs_down_factor != 1:
            rows.append(
                Parameter(
                    f"walker.{self.name}.stairs",
                    Text("台阶速度系数，上 / 下（{name}）", "speed on steps, up / down ({name})").format(name=called),
                    f"{self.stairs_up_factor:g} / {self.stairs_down_factor:g}" if self.takes_stairs else "—",
                    Text("IES VE 手册 12.2", "IES VE manual, walking speeds"),
                    "verified",
                )
            )
        if self.signal_wait_s or self.crossing_wait_s:
            rows.append(
                Parameter(
                    f"walker.{self.name}.waits",
                    Text("过街等待，有 / 无信号（{name}）", "wait at a crossing, signalled / plain ({name})").format(
                        name=called
                    ),
                    f"{self.signal_wait_s:g} s / {self.crossing_wait_s:g} s",
                    Text("按 (C−g)²/(2C) 取常见周期", "(C−g)²/(2C) for common cycles"),
                    "to_be_checked",
                )
            )
        return (*rows, *self._slope_parameters(called))

    def _slope_parameters(self, called: Text) -> tuple[Parameter, ...]:
        code = f"walker.{self.name}"
        rows = []
        if self.slope != "none":
            label = Text("坡度（{name}）", "slopes ({name})").format(name=called)
            rows.append(Parameter(f"{code}.slope", label, "f(S) / f(0)", TOBLER_SOURCE, "verified"))
        if self.max_slope is not None:
            label = Text("可上的最大坡度（{name}）", "steepest way up ({name})").format(name=called)
            value = f"{self.max_slope:.1%}"
            rows.append(Parameter(f"{code}.max_slope", label, value, Text("方案文件", "plan file"), "chosen"))
        return tuple(rows)


#: A limit written as 0.083 lets a ramp of 1:12 pass.
SLOPE_TOLERANCE = 0.0005

_WALKER_LIMITS: tuple[tuple[str, float, float], ...] = (
    ("speed_m_s", 0.1, 3.0),
    ("stairs_up_factor", 0.05, 1.0),
    ("stairs_down_factor", 0.05, 1.0),
    ("signal_wait_s", 0.0, 600.0),
    ("crossing_wait_s", 0.0, 600.0),
    ("max_slope", 0.0, 1.0),
)


@dataclass(frozen=True)
class ServiceStandard:
    """How far is near enough: minutes on foot, or metres on foot.

    Exactly one of the two is given. In minutes, a walking cost is whole milliseconds of the group's own walker;
    in metres (the standard-distance mode of GB 50180) it is whole millimetres of path, the same for everybody.

    Raises
    ------
    InputError
        If not exactly one is given, or it is not positive.

    Examples
    --------
    >>> ServiceStandard(max_walk_min=15).met_by(np.array([900_000, 900_001])).tolist()
    [True, False]
    """

    max_walk_min: float | None = None
    max_walk_m: float | None = None

    def __post_init__(self) -> None:
        given = [value for value in (self.max_walk_min, self.max_walk_m) if value is not None]
        if len(given) != 1 or not (is_number(given[0]) and 0 < given[0] < 1e6):
            raise InputError(
                Text(
                    "服务标准须恰好给出 max_walk_min 或 max_walk_m 之一，且为正数。",
                    "A service standard needs exactly one of max_walk_min and max_walk_m, above zero.",
                )
            )

    @property
    def in_minutes(self) -> bool:
        """Whether the standard is a time."""
        return self.max_walk_min is not None

    @property
    def limit(self) -> int:
        """The standard in the engine's whole units: milliseconds, or millimetres in the standard-distance mode."""
        if self.max_walk_min is not None:
            return round(self.max_walk_min * MS_PER_MIN)
        assert self.max_walk_m is not None
        return round(self.max_walk_m * MM_PER_M)

    def met_by(self, walk: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Whether each walking cost meets the standard: the limit itself counts."""
        return np.asarray(walk) <= self.limit

    @property
    def label(self) -> Text:
        """The standard in words."""
        if self.max_walk_min is not None:
            return Text("{n} 分钟", "{n} minutes").format(n=f"{self.max_walk_min:g}")
        return Text("{n} 米", "{n} m").format(n=f"{self.max_walk_m:g}")


Direction = Literal["to_station", "from_station", "round_trip"]

#: Which way a walk is measured. Up and down differ on steps and slopes.
DIRECTIONS: dict[Direction, Text] = {
    "to_station": Text("从住处走到驿站", "to the station"),
    "from_station": Text("从驿站走回住处", "from the station"),
    "round_trip": Text("往返平均", "there and back, half of both"),
}


def checked_direction(direction: str) -> Direction:
    """Return a direction.

    Raises
    ------
    InputError
        If there is no such direction.
    """
    for known in DIRECTIONS:
        if direction == known:
            return known
    expected = Text("以下之一：{known}", "one of {known}").format(known=", ".join(DIRECTIONS))
    message = Text("没有步行方向「{name}」。", "There is no direction “{name}”.").format(name=direction)
    raise InputError(message, [Fault("direction", same(direction), expected)])


#: In the standard-distance mode metres are walked at 1 m/s without delays: one millisecond is one millimetre.
_METRES = Walker("metres", speed_m_s=1.0)


@dataclass(frozen=True)
class Need:
    """Who needs which function within which standard, and how they walk."""

    group: str
    walker: Walker
    standard: ServiceStandard
    function: str = "any"
    weight: float = 1.0
    direction: Direction = "to_station"

    def walks_like(self, other: Need) -> bool:
        """Return whether both walk alike, as far, and in the same direction: their catchments are the same."""
        mine, theirs = ((need.walker, need.standard, need.direction) for need in (self, other))
        return mine == theirs

    @property
    def measured_by(self) -> Walker:
        """The walker whose milliseconds the standard is compared with: their own, or plain metres."""
        return self.walker if self.standard.in_minutes else _METRES

    def walk_min(self, walk: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Return walking costs in minutes; in the standard-distance mode, path metres at the walker's level speed."""
        cost = np.asarray(walk, dtype=np.float64)
        if self.standard.in_minutes:
            return cost / MS_PER_MIN
        return cost / MM_PER_M / self.walker.speed_m_s / 60


def alike(needs: tuple[Need, ...]) -> tuple[int, ...]:
    """Return for each need the number, from 1, of the first one that walks like it."""
    return tuple(1 + next(k for k, other in enumerate(needs) if need.walks_like(other)) for need in needs)
