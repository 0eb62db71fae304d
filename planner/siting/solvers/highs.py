"""HiGHS: the one place that speaks to the MILP solver. Arrays go over in one piece, one thread, one seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.bilingual import Text
from planner.errors import SolverError
from planner.siting.problem import Mask
from planner.siting.solvers.program import Array, Goal, Program

Sense = Literal["max", "min"]

#: Models with no more columns are asked twice before they are called infeasible.
_DOUBLE_CHECKED = 500

#: So many choices at most are ruled out one by one because only a tolerance allows them.
_RULED_OUT = 20


@dataclass(frozen=True, eq=False)
class Model:
    """min or max of cost @ x under rows, 0 <= x <= 1; the first columns are sites, the others sets.

    Sites are whole numbers. Sets must be told to be where a goal would rather not see them served; elsewhere they are
    so of themselves.
    """

    sense: Sense
    cost: Array
    matrix: sparse.csr_array
    lower: Array
    upper: Array
    sites: int
    is_whole: Mask

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.cost)


@dataclass(frozen=True)
class Limits:
    """When to stop looking: seconds, share of the best, absolute difference that cannot matter, nodes."""

    seconds: float
    gap: float = 0.0
    absolute: float = 0.0
    nodes: int | None = None
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Answer:
    """What HiGHS says.

    Parameters
    ----------
    end : str
        `proven`, `gap`, `time_limit`, `node_limit`, `infeasible`; `doubtful` where HiGHS claims an optimum that its own
        bound does not bear out.
    chosen : array of bool, shape (free sites,), or None
    bound, claim : float
        No plan is better, and what the chosen one is worth: in the sense of the model, without the goal's constant.
    """

    end: Literal["proven", "gap", "time_limit", "node_limit", "infeasible", "doubtful"]
    chosen: Mask | None
    bound: float
    claim: float = np.nan


def model_of(
    program: Program, goal: Goal, sense: Sense, held: Sequence[tuple[Goal, float, float]] = (), rows: Any = None
) -> Model:
    """Return the program with one goal, its floors kept.

    Parameters
    ----------
    program : Program
    goal : Goal
    sense : str
    held : sequence of (Goal, lower, upper)
        Goals of earlier stages and the range in which they stay, constants not included.
    rows : tuple of (csr_array on the free sites, lower, upper), optional
        Further rows.
    """
    held = [*held, *((floor, lower - floor.constant, np.inf) for floor, lower in program.floors)]
    sites, sets = len(program.free), program.sets.shape[0]
    extra = sparse.csr_array((0, sites)) if rows is None else rows[0]
    fixed_goals = [np.concatenate([each.of_site, each.of_set])[np.newaxis, :] for each, _, _ in held]
    shrink = [1.0 / row_size(each) for each, _, _ in held]
    matrix = sparse.vstack(
        [
            sparse.hstack([-program.sets, sparse.diags_array(np.broadcast_to(program.short + 1.0, sets))]),
            _padded(program.required, sets),
            _padded(program.rows, sets),
            _padded(extra, sets),
            *[sparse.csr_array(row * by) for row, by in zip(fixed_goals, shrink, strict=True)],
        ],
        format="csr",
    )
    required = program.required.shape[0]
    no_rows = np.empty(0)
    lower = [np.full(sets, -np.inf), np.ones(required), program.lower, no_rows if rows is None else rows[1]]
    upper = [np.zeros(sets), np.full(required, np.inf), program.upper, no_rows if rows is None else rows[2]]
    unwelcome = (goal.of_set < 0) if sense == "max" else (goal.of_set > 0)
    unwelcome = unwelcome | (program.short > 0)
    for each, _, high in held:
        unwelcome = unwelcome | (each.of_set > 0 if np.isfinite(high) else each.of_set < 0)
    return Model(
        sense,
        np.concatenate([goal.of_site, goal.of_set]),
        sparse.csr_array(matrix),
        np.concatenate([*lower, [low * by for (_, low, _), by in zip(held, shrink, strict=True)]]),
        np.concatenate([*upper, [high * by for (_, _, high), by in zip(held, shrink, strict=True)]]),
        sites,
        np.concatenate([np.ones(sites, dtype=bool), unwelcome]),
    )


def solve_model(model: Model, program: Program, limits: Limits, start: Mask | None = None) -> Answer:
    """Solve to proof, to the gap asked for, or until time is up.

    Raises
    ------
    SolverError
        If HiGHS fails, or time is up before any plan was found.
    """
    if start is None:
        return solve_columns(model, limits)
    return solve_columns(
        model, limits, np.concatenate([start, program.sets @ start.astype(np.float64) > program.short])
    )


def solve_columns(model: Model, limits: Limits, start: Mask | Array | None = None) -> Answer:
    """Solve a model, given every column of a plan to start from.

    Raises
    ------
    SolverError
        If HiGHS fails, or time is up before any plan was found.
    """
    if not model.columns:
        is_possible = bool(np.all(model.lower <= 0) and np.all(model.upper >= 0))
        return (
            Answer("proven", np.zeros(0, dtype=bool), 0.0, 0.0) if is_possible else Answer("infeasible", None, np.nan)
        )
    answer = _solved(model, limits, start, presolve=True)
    if not _is_doubtful(answer, model, start):
        return answer
    answer = _solved(model, limits, None, presolve=False)
    if answer.end == "doubtful" or (answer.end == "infeasible" and start is not None):
        raise SolverError(Text("求解器的结果自相矛盾。", "The solver contradicts itself."))
    return answer


def solve_allowed(
    model: Model, program: Program, limits: Limits, is_allowed: Callable[[Mask], bool], start: Mask | None = None
) -> Answer:
    """Solve a model, and again without each choice that a tolerance of the solver let through.

    Rows are kept to within a tolerance, whether a plan is allowed is counted exactly: a choice that misses a floor by
    less than the tolerance is ruled out by name. The last answer stands when that has been tried often enough.
    """
    answer = solve_model(model, program, limits, start)
    for _ in range(_RULED_OUT if program.floors else 0):
        if answer.chosen is None or is_allowed(answer.chosen):
            break
        model = _without(model, answer.chosen)
        answer = solve_model(model, program, limits, start)
    return answer


def _without(model: Model, chosen: Mask) -> Model:
    """Return the model with one row that only this choice breaks."""
    row = np.zeros((1, model.columns))
    row[0, : model.sites] = np.where(chosen, -1.0, 1.0)
    return replace(
        model,
        matrix=sparse.csr_array(sparse.vstack([model.matrix, sparse.csr_array(row)])),
        lower=np.append(model.lower, 1.0 - np.count_nonzero(chosen)),
        upper=np.append(model.upper, np.inf),
    )


def _is_doubtful(answer: Answer, model: Model, start: Mask | Array | None) -> bool:
    """Whether to ask again without presolve: HiGHS has been seen to call a problem infeasible that has a plan."""
    if answer.end != "infeasible":
        return answer.end == "doubtful"
    return start is not None or model.columns <= _DOUBLE_CHECKED


def _solved(model: Model, limits: Limits, start: Mask | Array | None, *, presolve: bool) -> Answer:
    scale = scale_of(model.cost)
    highs = _loaded(model, scale, whole=True)
    highs.setOptionValue("mip_rel_gap", limits.gap)
    highs.setOptionValue("mip_abs_gap", limits.absolute * scale)
    highs.setOptionValue("time_limit", max(limits.seconds, 0.01))
    highs.setOptionValue("random_seed", limits.seed)
    highs.setOptionValue("presolve", "choose" if presolve else "off")
    if limits.nodes is not None:
        highs.setOptionValue("mip_max_nodes", limits.nodes)
    if start is not None:
        values = start.astype(np.float64)
        highs.setSolution(len(values), np.arange(len(values), dtype=np.int32), values)
    run(highs)
    return _answer(highs, model, limits, scale)


def relax(model: Model, seconds: float, *, roughly: bool = False) -> tuple[Array, Array] | None:
    """Solve the linear relaxation: row duals and the values of the sites; None if time was up.

    Roughly is by the interior point method without a corner at its end: for very large models, many times faster. The
    duals need not be quite the best: what they prove is counted by `bound_from`.
    """
    if not model.columns:
        return None
    scale = scale_of(model.cost)
    highs = _loaded(model, scale, whole=False)
    highs.setOptionValue("time_limit", max(seconds, 0.01))
    if roughly:
        highs.setOptionValue("solver", "ipm")
        highs.setOptionValue("run_crossover", "off")
    run(highs)
    near_enough = {highspy.HighsModelStatus.kOptimal, *([highspy.HighsModelStatus.kUnknown] if roughly else [])}
    solution = highs.getSolution()
    if highs.getModelStatus() not in near_enough or not solution.dual_valid:
        return None
    return np.array(solution.row_dual) / scale, np.array(solution.col_value)[: model.sites]


def row_size(goal: Goal) -> float:
    """Return what a goal is divided by where it is a row: the solver's tolerances are absolute."""
    amounts = np.concatenate([goal.of_site, goal.of_set])
    return max(1.0, float(np.abs(amounts).max(initial=0.0)) / 1e4)


def _padded(rows: sparse.csr_array, columns: int) -> sparse.csr_array:
    return sparse.hstack([rows, sparse.csr_array((rows.shape[0], columns))])


def scale_of(cost: Array) -> float:
    """Return a power of ten that brings the largest coefficient to a million at most: tolerances are absolute."""
    largest = float(np.abs(cost).max(initial=0.0))
    return 1.0 if largest <= 1e6 else float(10.0 ** -np.ceil(np.log10(largest / 1e6)))


def _loaded(model: Model, scale: float, *, whole: bool) -> Any:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in {"output_flag": False, "threads": 1}.items():
        highs.setOptionValue(option, value)
    infinity = highs.inf
    kinds: npt.NDArray[np.int32] = (model.is_whole & whole).astype(np.int32)
    matrix = model.matrix
    highs.passModel(
        model.columns,
        matrix.shape[0],
        matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMaximize if model.sense == "max" else highspy.ObjSense.kMinimize),
        0.0,
        model.cost * scale,
        np.zeros(model.columns),
        np.ones(model.columns),
        np.where(np.isneginf(model.lower), -infinity, model.lower),
        np.where(np.isposinf(model.upper), infinity, model.upper),
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data.astype(np.float64),
        kinds,
    )
    return highs


def run(highs: Any) -> None:
    """Run in a thread of its own, so that Ctrl-C is heard at once."""
    highs.HandleUserInterrupt = True
    highs.startSolve()
    try:
        while not highs.wait(0.2)[0]:
            pass
    except KeyboardInterrupt:
        highs.cancelSolve()
        while not highs.wait(0.2)[0]:
            pass
        raise


def _answer(highs: Any, model: Model, limits: Limits, scale: float) -> Answer:
    status, info = highs.getModelStatus(), highs.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Answer("infeasible", None, np.nan)
    has_plan = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    chosen = np.array(highs.getSolution().col_value)[: model.sites] > 0.5 if has_plan else None
    claim = float(info.objective_function_value) / scale
    bound = float(info.mip_dual_bound) / scale if model.is_whole.any() else claim  # without whole columns it is none
    if status == highspy.HighsModelStatus.kOptimal:
        room = abs(bound - claim)
        if room <= max(1.001 * limits.absolute, 1e-8 * max(1.0, abs(claim)), 1e-6 / scale):
            return Answer("proven", chosen, bound, claim)
        within_gap = limits.gap > 0 and room <= 1.001 * limits.gap * max(1.0, abs(claim))
        return Answer("gap" if within_gap else "doubtful", chosen, bound, claim)
    if status == highspy.HighsModelStatus.kSolutionLimit:
        return Answer("node_limit", chosen, bound, claim)
    if status == highspy.HighsModelStatus.kTimeLimit:
        return Answer("time_limit", chosen, bound, claim)
    raise SolverError(
        Text("求解器未能给出结果：{status}。", "The solver gave no result: {status}.").format(
            status=highs.modelStatusToString(status)
        )
    )
