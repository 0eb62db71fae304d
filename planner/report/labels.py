"""Where the words and numbers of the printed map stand, so that none lies on another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_ROUNDS = 80
_TRIED = ((0, 0), (0, -34), (0, 34), (0, -68), (0, 68), (-70, 0), (70, 0), (0, -102), (0, 102))

Points = npt.NDArray[np.float64]


def apart(points: Points, gap: float) -> Points:
    """Return marks moved as little as is simple, so that any two are a gap apart; places of their own stay.

    Parameters
    ----------
    points : array, shape (marks, 2)
    gap : float
        Between the centres of two marks, in the unit of the points.

    Examples
    --------
    >>> apart(np.array([[0.0, 0.0], [10.0, 0.0], [100.0, 0.0]]), 30.0).round().tolist()
    [[-10.0, 0.0], [20.0, 0.0], [100.0, 0.0]]
    """
    moved = np.asarray(points, dtype=np.float64).copy()
    turn = np.arange(len(moved)) * 2.4
    away = np.column_stack([np.cos(turn), np.sin(turn)])
    for _ in range(_ROUNDS):
        between = moved[:, None, :] - moved[None, :, :]
        far = np.hypot(between[..., 0], between[..., 1])
        np.fill_diagonal(far, np.inf)
        if not len(moved) or far.min() >= gap - 0.1:
            break
        direction = np.where(far[..., None] > 0, between / np.maximum(far, 1e-9)[..., None], away[:, None] - away[None])
        moved += (np.maximum(gap - far, 0)[..., None] * direction).sum(axis=1) / 2
    return moved


class Taken:
    """The parts of the page that are written on already, as boxes."""

    def __init__(self) -> None:
        self._boxes: list[tuple[float, float, float, float]] = []

    def take(self, x: float, y: float, width: float, height: float) -> None:
        """Take the box around a place."""
        self._boxes.append(_box(x, y, width, height))

    def near(self, x: float, y: float, width: float, height: float) -> tuple[float, float] | None:
        """Take the first free box at or near a place and return its centre; None where all are taken."""
        for right, down in _TRIED:
            box = _box(x + right, y + down, width, height)
            if not any(_overlap(box, other) for other in self._boxes):
                self._boxes.append(box)
                return x + right, y + down
        return None


def _box(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
