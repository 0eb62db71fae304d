"""What a plan was made under, told without a solver: each rule in words, what is left of it, and whether it binds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from planner.bilingual import Text
from planner.siting.constraints import Constraint, Replacing
from planner.siting.linear import Rows
from planner.siting.problem import Mask, SitingProblem
from planner.siting.solving import strategies

#: Rules that count people are tried step by step up to so many walks × steps.
_MOST_WORK = 30_000_000


@dataclass(frozen=True)
class ToldRule:
    """The objective, or a rule beside it.

    Parameters
    ----------
    name : str
        As in the plan file.
    words : Text
    binding : bool, optional
        True where every further site that could be opened would break it, or closing any station would; False where no
        single opening or closing would; None where that is not so clear, not told, or for the objective.
    left : Text, optional
        What is left to use, where the rule limits an amount.
    is_kept : bool
        False only of rules that a given set of stations breaks.
    """

    name: str
    words: Text
    binding: bool | None = None
    left: Text | None = None
    is_kept: bool = True


def told_rules(
    problem: SitingProblem,
    objective: Any,
    constraints: Iterable[Any],
    open_sites: Iterable[Any],
    *,
    judged: bool = True,
    given: bool = False,
) -> tuple[ToldRule, ...]:
    """Return the objective first, then every rule in the order of the plan file.

    Parameters
    ----------
    problem : SitingProblem
    objective, constraints
        As `solve` takes them.
    open_sites : iterable of ids
        The stations open in the plan.
    judged : bool
        Whether it is told which rules bind and what is left of them.
    given : bool
        Whether the stations were given, not chosen: only then may a rule be broken.
    """
    wish, rules = strategies(problem, objective, constraints)
    words = (
        wish.label
        if wish.in_detail is None
        else Text("{label}（{detail}）", "{label} ({detail})").format(label=wish.label, detail=wish.in_detail)
    )
    is_open: Mask = problem.site_ids.isin(list(open_sites))
    told = [ToldRule(wish.name, words)]
    for rule in rules:
        if isinstance(rule, Replacing):
            continue
        if given and not rule.allows(problem, is_open):
            told.append(ToldRule(rule.name, rule.asks(problem), is_kept=False))
            continue
        binding = _binds(problem, rule, is_open) if judged else None
        told.append(ToldRule(rule.name, rule.asks(problem), binding, rule.left(problem, is_open) if judged else None))
    return tuple(told)


def _binds(problem: SitingProblem, rule: Constraint, is_open: Mask) -> bool | None:
    rows = rule.rows(problem)
    steps = _openings(problem, is_open), _closings(problem, is_open)
    if rows.room is not None:
        return None
    is_linear = not rows.floors and not any(each.any() for each in rows.covered)
    is_linear &= all(np.isnan(each).all() for each in rows.reached)
    work = sum(need.walk.nnz for need in problem.needs) * sum(each.shape[1] for each in steps)
    if not is_linear and work > _MOST_WORK:
        return None
    keeps = [_keeps_rows(rows, is_open, each) if is_linear else _keeps(problem, rule, is_open, each) for each in steps]
    if any(len(each) and not each.any() for each in keeps):
        return True
    return False if all(each.all() for each in keeps) else None


def _openings(problem: SitingProblem, is_open: Mask) -> sparse.csc_array:
    """Return what opening each further site changes, with the stations that it replaces; shape (sites, steps)."""
    there = is_open.astype(np.float64)
    complete = problem.replaced_by.T @ there == problem.stations_replaced
    free = np.flatnonzero((problem.new | problem.existing) & ~problem.served_on(is_open) & complete)
    every = sparse.eye_array(len(is_open), format="csc") - problem.replaced_by.tocsc()
    return sparse.csc_array(sparse.csc_array(every)[:, free])


def _closings(problem: SitingProblem, is_open: Mask) -> sparse.csc_array:
    """Return what closing each station changes; shape (sites, steps)."""
    standing = np.flatnonzero(is_open & ~problem.always_open)
    return sparse.csc_array(-sparse.eye_array(len(is_open), format="csc")[:, standing])


def _keeps_rows(rows: Rows, is_open: Mask, steps: sparse.csc_array) -> Mask:
    """Whether each step keeps every row, shape (steps,); rows that a step does not touch are kept already."""
    change = sparse.coo_array(rows.of_open @ steps)
    load = (rows.of_open @ is_open.astype(np.float64))[change.row] + change.data
    rounding = 1e-9 * np.maximum(1.0, np.abs(load))
    broken = (load > rows.upper[change.row] + rounding) | (load < rows.lower[change.row] - rounding)
    keeps = np.ones(steps.shape[1], dtype=bool)
    keeps[change.col[broken & (change.data != 0)]] = False
    return keeps


def _keeps(problem: SitingProblem, rule: Constraint, is_open: Mask, steps: sparse.csc_array) -> Mask:
    plans = (is_open + steps[:, [step]].toarray().ravel() > 0 for step in range(steps.shape[1]))
    return np.array([rule.allows(problem, plan) for plan in plans], dtype=bool)
