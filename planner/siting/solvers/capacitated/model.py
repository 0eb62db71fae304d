"""The assignment model: x says who goes where, y which sites are open.

x <= y for every walk (Balinski 1965) and, where people go to the nearest station, "whoever has an open station has one
at least as near": the sum of x over sites no farther than j is at least y_j. With one station for everybody that is the
row of Wagner & Falkson (1975), which Espejo, Marin & Rodriguez-Chia (2012), European Journal of Operational Research
217, find to be among the strongest; ties are broken by id, so that no farther is never in doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from planner.siting.linear import Rows
from planner.siting.problem import Array, Mask
from planner.siting.solvers.capacitated.ground import Ground, matrix_of
from planner.siting.solvers.highs import Model, Sense, row_size
from planner.siting.solvers.program import Goal


class Part(NamedTuple):
    """Some rows of the model: lower <= matrix @ columns <= upper."""

    matrix: sparse.csr_array
    lower: Array
    upper: Array


def weighed(amounts: Array) -> Goal:
    """Return amounts on the columns as a goal."""
    return Goal(amounts, np.empty(0), 0.0)


def model_of(ground: Ground, amounts: Array, sense: Sense, parts: Sequence[Part]) -> Model:
    """Return the model with a goal and all its rows."""
    is_whole = np.ones(ground.columns, dtype=bool)
    return Model(
        sense,
        amounts,
        sparse.csr_array(sparse.vstack([part.matrix for part in parts], format="csr")),
        np.concatenate([part.lower for part in parts]),
        np.concatenate([part.upper for part in parts]),
        ground.columns,
        is_whole,
    )


def every_row(ground: Ground, rules: Sequence[Rows]) -> list[Part]:
    """Return what every plan keeps."""
    parts = [_only_open(ground), _at_most_one(ground), _room(ground), _always_open(ground)]
    parts += [_on_sites(ground, rule.of_open, rule.lower, rule.upper) for rule in rules if rule.of_open.shape[0]]
    parts += [
        kept_within(ground.amounts(floor.expression), floor.lower - floor.expression.constant, np.inf)
        for rule in rules
        for floor in rule.floors
    ]
    parts += [_covered(ground)]
    return [*parts, _nearest(ground)] if ground.room.is_nearest else parts


def kept_within(amounts: Array, lower: float, upper: float) -> Part:
    """Return one row on all columns, scaled as the solver likes it."""
    size = row_size(weighed(amounts))
    return Part(sparse.csr_array(amounts[np.newaxis, :] / size), np.array([lower / size]), np.array([upper / size]))


def on_sites(ground: Ground, rows: tuple[sparse.csr_array, Array, Array]) -> Part:
    """Return rows on the sites of the ground."""
    matrix, lower, upper = rows
    return Part(_padded(ground, matrix), lower, upper)


def _on_sites(ground: Ground, matrix: sparse.csr_array, lower: Array, upper: Array) -> Part:
    return Part(_padded(ground, sparse.csr_array(matrix[:, ground.sites])), lower, upper)


def _padded(ground: Ground, matrix: sparse.csr_array) -> sparse.csr_array:
    return sparse.csr_array(sparse.hstack([matrix, sparse.csr_array((matrix.shape[0], len(ground.walk)))]))


def _only_open(ground: Ground) -> Part:
    walks, sites = len(ground.walk), len(ground.sites)
    row = np.arange(walks)
    ones = np.ones(walks)
    matrix = matrix_of((row, row), (sites + row, ground.site), (ones, -ones), (walks, ground.columns))
    return Part(matrix, np.full(walks, -np.inf), np.zeros(walks))


def _at_most_one(ground: Ground) -> Part:
    column = len(ground.sites) + np.arange(len(ground.walk))
    matrix = matrix_of((ground.party,), (column,), (np.ones(len(column)),), (ground.parties, ground.columns))
    return Part(matrix, np.where(ground.must_go, 1.0, 0.0), np.ones(ground.parties))


def _covered(ground: Ground) -> Part:
    within = np.flatnonzero(ground.is_within & ground.must_be_covered[ground.party])
    matrix = matrix_of(
        (ground.party[within],),
        (len(ground.sites) + within,),
        (np.ones(len(within)),),
        (ground.parties, ground.columns),
    )
    rows = np.flatnonzero(ground.must_be_covered)
    return Part(sparse.csr_array(matrix[rows]), np.ones(len(rows)), np.full(len(rows), np.inf))


def _room(ground: Ground) -> Part:
    sites = len(ground.sites)
    capacity = ground.room.capacity[ground.sites]
    size = ground.size[ground.party]
    whole = np.all(ground.size == np.rint(ground.size))
    limit = np.floor(capacity + 1e-6) if whole else capacity
    most = np.bincount(ground.site, size, minlength=sites)
    limited = np.flatnonzero(most > limit)
    row = np.full(sites, -1)
    row[limited] = np.arange(len(limited))
    takes = np.flatnonzero((row[ground.site] >= 0) & (size > 0))
    scale = np.maximum(1.0, np.maximum(limit[limited], np.bincount(ground.site, size, minlength=sites)[limited]) / 1e4)
    matrix = matrix_of(
        (row[ground.site[takes]], row[limited]),
        (sites + takes, limited),
        (size[takes] / scale[row[ground.site[takes]]], -limit[limited] / scale),
        (len(limited), ground.columns),
    )
    return Part(matrix, np.full(len(limited), -np.inf), np.zeros(len(limited)))


def _always_open(ground: Ground) -> Part:
    column = np.flatnonzero(ground.problem.always_open[ground.sites])
    ones = np.ones(len(column))
    return Part(matrix_of((np.arange(len(column)),), (column,), (ones,), (len(column), ground.columns)), ones, ones)


def _nearest(ground: Ground) -> Part:
    """Whoever takes room and has an open station goes to one at least as near."""
    sites = len(ground.sites)
    takes = np.flatnonzero(ground.size[ground.party] > 0)
    number = np.full(len(ground.walk), -1)
    number[takes] = np.arange(len(takes))
    reach = takes - ground.first[ground.party[takes]] + 1
    row = np.repeat(np.arange(len(takes)), reach)
    nearer = np.arange(len(row)) - np.repeat(np.cumsum(reach) - reach, reach) + np.repeat(takes - reach + 1, reach)
    matrix = matrix_of(
        (row, np.arange(len(takes))),
        (sites + nearer, ground.site[takes]),
        (np.ones(len(row)), -np.ones(len(takes))),
        (len(takes), ground.columns),
    )
    return Part(matrix, np.zeros(len(takes)), np.full(len(takes), np.inf))


def narrowed(model: Model, ones: Mask, zeros: Mask) -> tuple[Model, Mask]:
    """Return the model without the columns that are decided, and which columns are left."""
    left = ~(ones | zeros)
    already = model.matrix @ ones.astype(np.float64)
    matrix = sparse.csr_array(model.matrix[:, np.flatnonzero(left)])
    lower, upper = model.lower - already, model.upper - already
    matters = np.diff(matrix.indptr) > 0
    matters |= (lower > 1e-9) | (upper < -1e-9)
    rows = np.flatnonzero(matters)
    rest = Model(
        model.sense,
        model.cost[left],
        sparse.csr_array(matrix[rows]),
        lower[rows],
        upper[rows],
        int(np.count_nonzero(left)),
        model.is_whole[left],
    )
    return rest, left
