"""Propose sites for a study: uncovered people, places around their clusters, walks, and a choice among them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy import sparse
from scipy.spatial import cKDTree

from planner.bilingual import Text
from planner.config import PlanConfig, ProposalsConfig
from planner.errors import Fault, PlanFileError
from planner.model import CandidateSites, Need, Note
from planner.proposals.choosing import Walked, choose, gains
from planner.proposals.drafts import drafted
from planner.proposals.notes import notes_on
from planner.proposals.places import possible_places
from planner.proposals.rows import proposal_rows
from planner.proposals.uncovered import Uncovered, uncovered
from planner.study import Progress, Study, load_study

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

#: Nobody gets further than this times what the level speed allows: some slopes make walks faster.
_FASTEST = 1.25

#: All possible places are walked to where homes × places are no more than this; among more, clusters say which.
ALL_UP_TO = 300_000_000

#: So many places around each one chosen are tried instead of it.
_NEIGHBOURS = 60


@dataclass(frozen=True)
class Proposed:
    """What is proposed: rows for a table of sites (none where nothing is), and what is to be said about them."""

    table: gpd.GeoDataFrame
    notes: tuple[Note, ...]


def with_proposals(study: Study) -> Study:
    """Return the study with the planner's own proposals beside the given sites, if its plan asks for them."""
    settings = study.config.proposals
    if settings is None:
        return study
    found = propose(study, settings)
    given = study.sites.table.assign(proposed=study.sites.proposed)
    sites = CandidateSites(_beside(given, found.table), study.sites.notes, study.sites.source)
    return replace(study, sites=sites, notes=(*study.notes, *found.notes))


def _beside(given: gpd.GeoDataFrame, proposed: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return proposals below the given sites; what only some rows have is missing in the others."""
    if not len(given) or not len(proposed):
        return proposed if len(proposed) else given
    if "action" in given:
        proposed = proposed.assign(action="open")
    both = pd.concat([given, proposed])
    for column in both.columns[[kind.kind == "O" for kind in both.dtypes]]:
        both[column] = both[column].where(both[column].notna(), None)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=given.crs)


def propose_sites(config: PlanConfig, progress: Progress | None = None) -> Proposed:
    """Load a study and propose sites for it, as its section `[proposals]` asks.

    Raises
    ------
    PlanFileError
        If the plan has no such section.
    InputError
        If an input is at fault; with every fault at once.
    """
    if config.proposals is None:
        found, expected = Text("没有这一节", "no such section"), Text("如 number = 5", "for example number = 5")
        raise PlanFileError(
            Text("方案没有 [proposals] 一节。", "The plan has no section [proposals]."),
            [Fault(str(config.folder / "plan.toml"), found, expected, column="proposals")],
        )
    return propose(load_study(config, progress), config.proposals)


def propose(study: Study, settings: ProposalsConfig) -> Proposed:
    """Propose places from which walks reach people whom the stations of today do not.

    Clusters of the uncovered people (weighted k-means) say which places to walk to, walking costs say whom each
    reaches; see `planner.proposals.choosing`. People of several needs are added up by weight.

    Parameters
    ----------
    study : Study
    settings : ProposalsConfig

    Returns
    -------
    Proposed
        Sites `P1`, `P2`, ... (ids that are taken are left out), the one that adds the most people first. The same for
        the same inputs and seed, whatever the order of their rows.

    Raises
    ------
    NetworkError
        If bridges and tunnels cannot be read from the file of streets.
    """
    left = uncovered(study)
    count = wanted(settings, left[0])
    if not any(len(part.position) for part in left):
        return Proposed(proposal_rows(study, settings), notes_on(settings, left))
    homes = np.unique(np.concatenate([_homes_xy(study, part.position) for part in left]), axis=0)
    places = possible_places(study, homes, max(_furthest_m(need) for need in study.needs))
    chosen, walked = _chosen(study, left, places, count)
    added = [float(gains(walked, chosen[:k])[place]) for k, place in enumerate(chosen)]
    by_need = _by_need(walked, chosen, left)
    table = proposal_rows(study, settings, places.iloc[chosen], added)
    return Proposed(table, notes_on(settings, left, count, len(places), by_need, table))


def wanted(settings: ProposalsConfig, first: Uncovered) -> int:
    """Return how many proposals are asked for, as a number or one for so many uncovered people of the first need."""
    if settings.number is not None:
        return settings.number
    assert settings.per_uncovered_people is not None
    return math.ceil(math.fsum(first.people) / settings.per_uncovered_people)


def _chosen(study: Study, left: Sequence[Uncovered], places: gpd.GeoDataFrame, count: int) -> tuple[Ints, Walked]:
    """Choose among the places around clusters, then once more with those around the places chosen.

    Returns positions in `places`, and whom each of those reaches that were walked to.
    """
    settings = study.config.proposals
    assert settings is not None
    xy = shapely.get_coordinates(places.geometry.to_numpy())
    pool = np.arange(len(places))
    if len(places) * sum(len(part.position) for part in left) > ALL_UP_TO:
        homes = np.concatenate([_homes_xy(study, part.position) for part in left])
        weights = np.concatenate([part.weighted for part in left])
        pool = drafted(homes, weights, xy, count, study.config.seed)
    walked = walk_to(study, left, places, pool)
    chosen = choose(walked.only(pool), count, settings.min_apart_m, settings.min_people)
    if len(pool) < len(places) and len(chosen):
        around = cKDTree(xy).query(xy[pool[chosen]], k=min(_NEIGHBOURS, len(places)))[1]
        pool = np.union1d(pool, np.ravel(around))
        walked = walk_to(study, left, places, pool)
        chosen = choose(walked.only(pool), count, settings.min_apart_m, settings.min_people)
    return pool[chosen], walked


def walk_to(study: Study, left: Sequence[Uncovered], places: gpd.GeoDataFrame, pool: Ints) -> Walked:
    """Measure who reaches which of the places in the pool; nobody is known to reach the others."""
    walks = [_walks(study, part, places, pool) for part in left]
    walk = sparse.csc_array(sparse.vstack(walks, format="csc"))
    walk.sort_indices()
    ones = sparse.csc_array((np.ones(len(walk.data)), walk.indices, walk.indptr), shape=walk.shape)
    people = np.concatenate([part.weighted for part in left])
    xy = shapely.get_coordinates(places.geometry.to_numpy())
    return Walked(xy, places["rank"].to_numpy(dtype=np.int64), ones, people, walk)


def _walks(study: Study, part: Uncovered, places: gpd.GeoDataFrame, pool: Ints) -> sparse.csc_array:
    shape = (len(part.position), len(places))
    if not len(part.position) or not len(pool):
        return sparse.csc_array(shape)
    homes = study.demand.table.iloc[part.position]
    costs = study.walks.costs(homes, places.iloc[pool], part.need)
    found = costs.walk.tocoo()
    row = homes.index.get_indexer(costs.origins)[found.row]
    column = places.index.get_indexer(costs.destinations)[found.col]
    return sparse.csc_array((found.data.astype(np.float64), (row, column)), shape=shape)


def _by_need(walked: Walked, chosen: Ints, left: Sequence[Uncovered]) -> list[float]:
    """Return the people of each need whom the places chosen reach together."""
    reached = np.asarray(walked.reach[:, chosen].sum(axis=1)).ravel() > 0
    begin = np.cumsum([0, *(len(part.position) for part in left)])
    return [math.fsum(part.people[reached[a : a + len(part.position)]]) for a, part in zip(begin, left, strict=False)]


def _homes_xy(study: Study, position: Ints) -> Floats:
    xy: Floats = shapely.get_coordinates(study.demand.table.geometry.to_numpy()[position]).reshape(-1, 2)
    return xy


def _furthest_m(need: Need) -> float:
    """Return how far a walk within the standard can lead at most, metres."""
    standard = need.standard
    if standard.max_walk_m is not None:
        return standard.max_walk_m
    assert standard.max_walk_min is not None
    return standard.max_walk_min * 60 * need.walker.speed_m_s * _FASTEST
