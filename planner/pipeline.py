"""The story: load → walk → choose → measure → show."""

from __future__ import annotations

import hashlib
import math
import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.alternatives import compare_alternatives
from planner.assumptions import parameters_of
from planner.bilingual import Language, Text
from planner.config import PlanConfig
from planner.coverage import (
    Alternatives,
    Coverage,
    CoverageInterval,
    NeedCoverage,
    StreetData,
    coverage_interval,
    find_remedies,
    measure_coverage,
    measure_need,
    street_data,
)
from planner.errors import SolverError
from planner.full_stations import Places, check_places, places_of, room_notes
from planner.life_circle import check_life_circle
from planner.loading import input_paths, load_what_if
from planner.model import (
    MS_PER_MIN,
    CandidateSites,
    Gates,
    GivenStations,
    NearestWalks,
    Need,
    Note,
    ServiceStandard,
    Solution,
    WalkingCosts,
    passing_names,
)
from planner.model.walking import alike
from planner.plan import InputFile, Plan, fingerprint_of
from planner.proposals import with_proposals
from planner.siting import (
    Programme,
    SitingProblem,
    WhatIf,
    judge_given,
    objective_from,
    solve,
    solve_phases,
    told_rules,
)
from planner.siting.worth import Worth, worth_of
from planner.study import Progress, Study, load_study, silent, street_file

#: Studies with more demand points get no routes: their map would grow by too much, for lines that few would look at.
#: Needs after the first get theirs, in their order, as long as demand points times needs stay within it too.
ROUTES_UP_TO = 2_000

#: Demand points × sites up to which a page counts what-ifs with every walk, however far.
_SMALL_PAIRS = 100_000
#: Longer than any walk in a study; and the longest standard that a page offers beside the plan's own. Minutes.
_ANY_WALK, _WHAT_IF_MIN = 10_000.0, 15.0


def make_plan(config: PlanConfig, progress: Progress | None = None) -> Plan:
    """Load the inputs, measure every walk, choose the sites, and measure the result.

    Raises
    ------
    InputError
        If an input, or the plan file, is at fault; with every fault at once.
    InfeasibleError
        If no set of sites meets the constraints.
    SolverError
        If the solver stopped without any plan.
    """
    tell = progress or silent
    study = load_study(config, tell)
    config = study.config
    if config.proposals is not None:
        tell(Text("提出建议点", "proposing sites"))
        study = with_proposals(study)
    tell(Text("计算步行时间", "measuring walks"))
    costs = measure_walks(study)
    reach = objective_from(config.objective.model_dump()).reach
    walks = costs if reach == 1.0 else measure_walks(study, reach)
    tell(Text("选址", "choosing sites"))
    problem = SitingProblem.from_plan(study.demand, study.sites, study.needs, walks, study.grids)
    given = load_what_if(config)
    solution, programme, what_if = (
        (*_chosen(config, problem, study.sites), None) if given is None else _as_given(config, problem, given)
    )
    tell(Text("检验方案", "finding out what the plan is worth"))
    is_asked = programme is None and what_if is None and solution.stopped != "interrupted"
    worth = _worth(study, problem, solution) if is_asked else None
    tell(Text("评估覆盖", "measuring coverage"))
    plan = _tell_plan(study, "run", costs, solution, places_of(study, costs, walks, solution), worth)
    states = () if programme is None else programme.phases[:-1]
    between = tuple(_coverage(study, each.open_sites) for each in states)
    rules = told_rules(
        problem,
        config.objective.model_dump(),
        [constraint.model_dump() for constraint in config.constraints],
        solution.open_sites,
        judged=programme is None,
        given=what_if is not None,
    )
    return _checked_up(replace(plan, programme=programme, between=between, rules=rules, what_if=what_if), study)


def _checked_up(plan: Plan, study: Study) -> Plan:
    """Return the plan with the check-up of the life circle at each of its moments."""
    states = {moment: measured.open_sites for moment, measured in plan.moments.items()}
    return replace(plan, life_circle=check_life_circle(study, plan.costs, states))


def _chosen(config: PlanConfig, problem: SitingProblem, sites: CandidateSites) -> tuple[Solution, Programme | None]:
    """Return the best plan, or the state at the end of the best programme where the plan has phases."""
    constraints = [constraint.model_dump() for constraint in config.constraints]
    objective, limits = config.objective.model_dump(), config.solver
    shared: dict[str, Any] = {"time_limit_s": limits.time_limit_s, "gap": limits.gap, "seed": config.seed}
    if not config.phases:
        return solve(problem, objective, constraints, **shared), None
    phases = [phase.model_dump() for phase in config.phases]
    programme = solve_phases(problem, phases, objective, constraints, opens_from=sites.opens_from(), **shared)
    return programme.solution, programme


def _as_given(config: PlanConfig, problem: SitingProblem, given: GivenStations) -> tuple[Solution, None, WhatIf]:
    """Count the stations of a what-if; nothing is chosen."""
    limits = config.solver
    solution, what_if = judge_given(
        problem,
        given,
        config.objective.model_dump(),
        [constraint.model_dump() for constraint in config.constraints],
        time_limit_s=limits.time_limit_s,
        gap=limits.gap,
        seed=config.seed,
    )
    solution = replace(solution, notes=(*solution.notes, *_other_plan(config, given)))
    return solution, None, what_if


def _other_plan(config: PlanConfig, given: GivenStations) -> list[Note]:
    """Warn where a saved what-if was made on another plan, or on other inputs."""
    if given.plan_name is not None and given.plan_name != config.name:
        text = Text("试算文件来自另一方案：{name}。", "The what-if file was made on another plan: {name}.")
        return [Note("what_if.other_plan", "warning", text.format(name=given.plan_name))]
    if given.plan_fingerprint in (None, fingerprint_of(config, _inputs(config))):
        return []
    text = Text(
        "方案文件或输入数据与保存试算时不同，各项数字可能与地图上的不同。",
        "The plan file or its inputs are not those that the what-if was saved from: figures may differ from the map's.",
    )
    return [Note("what_if.other_inputs", "warning", text)]


def _worth(study: Study, problem: SitingProblem, solution: Solution) -> Worth:
    config = study.config
    return worth_of(
        problem,
        solution,
        config.objective.model_dump(),
        [constraint.model_dump() for constraint in config.constraints],
        time_limit_s=config.worth.time_limit_s,
        step_cny=config.worth.step_10k_cny * 10_000,
        share=config.worth.share,
        others=config.worth.other_stations,
        plans=config.worth.plans,
        fairness_of=config.worth.fairness_of,
        seed=config.seed,
    )


def audit(config: PlanConfig, progress: Progress | None = None) -> Plan:
    """Measure the stations that are open today; nothing is opened."""
    tell = progress or silent
    started = perf_counter()
    study = load_study(config, tell)
    tell(Text("计算步行时间", "measuring walks"))
    costs = measure_walks(study)
    today = _open_today(study.sites)
    tell(Text("评估覆盖", "measuring coverage"))
    places = places_of(study, costs, costs, None)
    measured = _coverage(study, today)
    measured = measured if places is None else places.told(measured, study, is_plan=False)
    covered = _weighted_people(measured, study.needs)
    solution = Solution("optimal", "proven", (), today, (), covered, covered, 0.0, perf_counter() - started)
    return _checked_up(_tell_plan(study, "audit", costs, solution, places), study)


def measure_walks(study: Study, reach: float = 1.0) -> tuple[WalkingCosts, ...]:
    """Return for each need the walks from every demand point to every site within so many times the standard."""
    needs = (_reaching(need, reach) for need in study.needs)
    return tuple(study.walks.costs(study.demand.table, study.sites.table, need) for need in needs)


def _far_walks(study: Study, costs: tuple[WalkingCosts, ...]) -> tuple[WalkingCosts, ...]:
    """Return the walks that a what-if counts with: all of a small study, else those within the longest standard."""
    tried = [
        _ANY_WALK if _is_small(study) else max(_WHAT_IF_MIN, need.standard.max_walk_min or 0) for need in study.needs
    ]
    return tuple(
        known
        if not _is_small(study) and (not need.standard.in_minutes or known.limit >= reach * MS_PER_MIN)
        else study.walks.costs(study.demand.table, study.sites.table, _within(need, reach))
        for need, known, reach in zip(study.needs, costs, tried, strict=True)
    )


def _within(need: Need, reach_min: float) -> Need:
    """Return the need with a standard of so many minutes, or in metres what is walked meanwhile."""
    if need.standard.in_minutes:
        return replace(need, standard=ServiceStandard(max_walk_min=reach_min))
    return replace(need, standard=ServiceStandard(max_walk_m=reach_min * 60))


def _is_small(study: Study) -> bool:
    return len(study.demand.table) * len(study.sites.table) <= _SMALL_PAIRS


def _reaching(need: Need, reach: float) -> Need:
    limits = (need.standard.max_walk_min, need.standard.max_walk_m)
    return replace(need, standard=ServiceStandard(*(None if limit is None else limit * reach for limit in limits)))


def write_outputs(plan: Plan, out: str | Path, language: Language = "zh", *, pdf: bool = False) -> tuple[Path, ...]:
    """Write `map.html`, `brief.html`, `plan.gpkg`, `plan.xlsx` and `plan.json`: all of them, or none.

    Parameters
    ----------
    plan : Plan
    out : path
        Folder; made if need be.
    language : str
        The language the pages open in, and that of the workbook's headers.
    pdf : bool
        Print the brief too, to `brief.pdf`, when the others are written. A `brief.pdf` of an earlier plan goes in any
        case.

    Returns
    -------
    tuple of Path

    Raises
    ------
    InputError
        If the folder cannot be written, or the brief not printed.
    """
    from planner.mapping import map_page
    from planner.report import brief_page, plan_json, write_files, write_geopackage, write_pdf, write_workbook

    folder = Path(out)
    written = write_files(
        folder,
        {
            "map.html": lambda file: file.write_text(map_page(plan, language), encoding="utf-8"),
            "brief.html": lambda file: file.write_text(brief_page(plan, language), encoding="utf-8"),
            "plan.gpkg": lambda file: write_geopackage(plan, file, language),
            "plan.xlsx": lambda file: write_workbook(plan, file, language),
            "plan.json": lambda file: file.write_text(plan_json(plan), encoding="utf-8"),
        },
        outdated=("brief.pdf",),
    )
    return (*written, write_pdf(folder / "brief.html", folder / "brief.pdf")) if pdf else written


def write_map(plan: Plan, path: str | Path, language: Language = "zh") -> Path:
    """Write the map alone."""
    from planner.mapping import map_page
    from planner.report import write_files

    file = Path(path)
    (written,) = write_files(
        file.parent, {file.name: lambda part: part.write_text(map_page(plan, language), encoding="utf-8")}
    )
    return written


def _tell_plan(
    study: Study,
    command: Literal["run", "audit"],
    costs: tuple[WalkingCosts, ...],
    solution: Solution,
    places: Places | None,
    worth: Worth | None = None,
) -> Plan:
    """Measure before and after, draw the catchments, and gather what the result rests on."""
    open_sites = tuple(sorted(solution.open_sites))
    before, after = _coverage(study, _open_today(study.sites)), _coverage(study, open_sites)
    _recount(study, costs, after)
    intervals = _intervals(study, after)
    alternatives = compare_alternatives(study, costs, before.open_sites, open_sites)
    rooms, notes = None, list(study.notes)
    if places is not None:
        before = places.told(before, study, is_plan=False)
        after = places.told(after, study, is_plan=True)
        rooms, intervals = places.stations(study, before, after), ()
        if command == "run":
            check_places(places, after, rooms)
        notes += room_notes(study, rooms, after, is_plan=command == "run")
    return Plan(
        config=study.config,
        command=command,
        demand=study.demand,
        sites=study.sites,
        network=study.network,
        grids=study.grids,
        gates=study.gates,
        background=study.background,
        needs=study.needs,
        costs=costs,
        solution=solution,
        before=before,
        after=after,
        catchments=_catchments(study, open_sites),
        notes=distinct_notes(_in_order(notes, costs, solution)),
        parameters=parameters_of(study),
        inputs=_inputs(study.config),
        streets=judged_streets(study, costs),
        routes=_routes(study, before, after, 0) if _has_routes(study, 0) else None,
        further_routes=tuple(
            _routes(study, before, after, place) for place in range(1, len(study.needs)) if _has_routes(study, place)
        ),
        intervals=intervals,
        intervals_before=intervals
        if before.open_sites == after.open_sites or places is not None
        else _intervals(study, before),
        changes=study.changes,
        alternatives=alternatives,
        compounds=study.compounds,
        rooms=rooms,
        worth=worth,
        zones=study.zones,
        far_walks=_far_walks(study, costs),
        far_walks_complete=_is_small(study),
        remedies=() if places is not None else _remedies(study, costs, after, alternatives),
    )


def _in_order(notes: list[Note], costs: tuple[WalkingCosts, ...], solution: Solution) -> list[Note]:
    """Return what the result rests on; the rules that given stations break come first."""
    every = [*notes, *(note for walks in costs for note in walks.notes), *solution.notes]
    return sorted(every, key=lambda note: not note.code.startswith("what_if."))


def _remedies(
    study: Study, costs: tuple[WalkingCosts, ...], after: Coverage, alternatives: Alternatives | None
) -> tuple[pd.DataFrame, ...]:
    """Find for each need what would cover each home that is not covered."""
    return tuple(
        find_remedies(measured, study.sites, walks, after.open_sites, alternatives, number)
        for number, (measured, walks) in enumerate(zip(after.needs, costs, strict=True), start=1)
    )


def judged_streets(study: Study, costs: tuple[WalkingCosts, ...]) -> StreetData:
    """Return what the streets are worth for this study, for the people of its first need."""
    measured = costs[0] if study.config.network.detour_factor is None else None
    return street_data(study.network, study.demand, study.sites, study.needs[0], measured)


def _coverage(study: Study, open_sites: tuple[str, ...]) -> Coverage:
    nearest = tuple(_nearest(study, need, open_sites) for need in study.needs)
    return measure_coverage(study.demand, study.needs, nearest, study.sites, open_sites, study.grids)


def _intervals(study: Study, measured: Coverage) -> tuple[CoverageInterval, ...]:
    """Measure for each need what assumed gates can change in what was measured."""
    gates = study.gates
    if gates is None or not gates.assumed.any():
        return ()
    stands_in = passing_names(study.sites.table).reindex(list(measured.open_sites))
    return tuple(
        coverage_interval(
            _by_outer(study, found), gates, stands_in, partial(_with_gates, study, found.need, measured.open_sites)
        )
        for found in measured.needs
    )


def _by_outer(study: Study, found: NeedCoverage) -> NeedCoverage:
    """Return a measure with the compounds whose gates its homes use."""
    if "compound" not in found.table.columns:
        return found
    return replace(found, table=found.table.assign(compound=passing_names(study.demand.table)))


def _with_gates(study: Study, need: Need, open_sites: tuple[str, ...], gates: Gates | None) -> NeedCoverage:
    """Measure a need with other gates open; without gates, with all sides open where they are assumed."""
    changed = study.with_all_sides_open() if gates is None else study.with_gates(gates)
    return measure_need(study.demand, need, _nearest(changed, need, open_sites))


def _nearest(study: Study, need: Need, open_sites: tuple[str, ...]) -> NearestWalks:
    offering = study.sites.table.index[study.sites.offering(need.function)]
    stations = study.sites.table.loc[[site for site in open_sites if site in offering]]
    return study.walks.nearest(study.demand.table, stations, need)


def _recount(study: Study, costs: tuple[WalkingCosts, ...], after: Coverage) -> None:
    """Count the covered people again from the matrix: two searches must tell the same people."""
    for need, walks, measured in zip(study.needs, costs, after.needs, strict=True):
        offering = study.sites.table.index[study.sites.offering(need.function)]
        stations = [site for site in after.open_sites if site in offering]
        reached = np.diff(walks.walk[:, walks.destinations.get_indexer(pd.Index(stations))].indptr) > 0
        within = pd.Series(reached, index=walks.origins).reindex(measured.table.index)
        if not (within == measured.table["covered"]).all():
            raise SolverError(
                Text(
                    "内部核对不一致：两次步行搜索给出的覆盖人群不同，结果未输出。",
                    "The internal check failed: two searches disagree about who is covered; nothing was written.",
                )
            )


def _catchments(study: Study, open_sites: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Draw the catchments for each different way to walk among the needs."""
    water = study.background.water
    avoid = water.union_all() if len(water) else None
    stations = study.sites.table.loc[list(open_sites)]
    drawn = [
        study.walks.catchments(stations, study.needs[number - 1], study.demand.table, avoid).assign(need=number)
        for number in sorted(set(alike(study.needs)))
    ]
    catchments = gpd.GeoDataFrame(pd.concat(drawn), crs=drawn[0].crs)
    catchments["before"] = catchments.index.isin(_open_today(study.sites))
    return catchments.rename_axis("site_id")


def _has_routes(study: Study, place: int) -> bool:
    return len(study.demand.table) * (place + 1) <= ROUTES_UP_TO


def _routes(study: Study, before: Coverage, after: Coverage, place: int) -> gpd.GeoDataFrame:
    """Find for one need the way to the nearest station of today, and to that of the plan."""
    need = study.needs[place]
    today, planned = (set(measured.needs[place].table["station"].dropna().items()) for measured in (before, after))
    pairs = sorted(today | planned)
    homes = study.demand.table.loc[[demand for demand, _ in pairs]]
    routes = study.walks.routes(homes, study.sites.table.loc[[site for _, site in pairs]], need)
    routes["nearest_before"] = np.array([pair in today for pair in pairs], dtype=np.bool_)
    routes["nearest_after"] = np.array([pair in planned for pair in pairs], dtype=np.bool_)
    return routes.rename(columns={"destination": "site_id"}).rename_axis("demand_id")


def _open_today(sites: CandidateSites) -> tuple[str, ...]:
    return tuple(sorted(sites.table.index[sites.with_status("existing")]))


def _weighted_people(coverage: Coverage, needs: tuple[Need, ...]) -> float:
    return math.fsum(need.weight * measured.covered for need, measured in zip(needs, coverage.needs, strict=True))


def _inputs(config: PlanConfig) -> tuple[InputFile, ...]:
    files = sorted(set(input_paths(config)) | {street_file(config)})
    return tuple(
        InputFile(_relative(file, config.folder), hashlib.sha256(file.read_bytes()).hexdigest()) for file in files
    )


def _relative(file: Path, folder: Path) -> str:
    return Path(os.path.relpath(file, folder)).as_posix()


def distinct_notes(notes: list[Note]) -> tuple[Note, ...]:
    """Keep the first of notes that say the same."""
    return tuple({(note.code, note.text): note for note in notes}.values())
