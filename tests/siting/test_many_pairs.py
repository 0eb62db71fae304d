"""Very many pairs: points with the same sites are one, and every way of giving a matrix gives the same problem."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from planner.errors import InputError
from planner.siting import SitingProblem, many_pairs, problem, solve
from planner.siting.alike import Alike
from planner.siting.exact_sums import total
from tests.siting.test_random_problems import problems

SETTINGS = settings(max_examples=60, deadline=None, derandomize=True)


@st.composite
def matrices(draw):
    points, sites = draw(st.integers(0, 12)), draw(st.integers(1, 70))
    kind = draw(st.sampled_from([np.float64, np.int32]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    stored = rng.random((points, sites)) < draw(st.sampled_from([0.02, 0.5]))
    row, site = np.nonzero(stored[rng.integers(0, max(points, 1), points)])
    walk = rng.integers(0, 4, len(row)).astype(kind)
    first = np.append(0, np.cumsum(np.bincount(row, minlength=points)))
    return sparse.csr_array((walk, site, first), shape=(points, sites))


def sets_by_hand(walk, limit):
    pairs = zip(walk.indptr[:-1], walk.indptr[1:], strict=True)
    return [frozenset(int(walk.indices[k]) for k in range(start, end) if walk.data[k] <= limit) for start, end in pairs]


@given(walk=matrices(), limit=st.sampled_from([0.0, 2.0, np.inf]))
@SETTINGS
def test_points_share_a_number_exactly_where_they_share_all_sites(walk, limit):
    expected = sets_by_hand(walk, limit)
    keeps = sparse.csr_array(walk.copy())
    keeps.data = (walk.data <= limit).astype(float)
    keeps.eliminate_zeros()
    for alike in (Alike(*many_pairs.same_sites(walk, limit)), Alike.of(keeps)):
        assert [frozenset(alike.sites[[number]].indices.tolist()) for number in alike.of_point] == expected
        assert alike.sites.shape[0] == len(set(expected))


def test_more_sets_than_the_table_has_places_at_first_stay_apart():
    rng = np.random.default_rng(4)
    walk = sparse.csr_array(rng.random((20_000, 14)) < 0.5).astype(np.float64)
    of_point, sites = many_pairs.same_sites(walk, 1.0)
    codes = walk @ (2.0 ** np.arange(14))
    assert sites.shape[0] == len(np.unique(codes)) > 10_000
    np.testing.assert_array_equal((sites @ (2.0 ** np.arange(14)))[of_point], codes)


@given(walk=matrices(), seed=st.integers(0, 100))
@SETTINGS
def test_compiled_passes_count_as_numpy_does(walk, seed):
    is_open = np.random.default_rng(seed).random(walk.shape[1]) < 0.3
    few = SitingProblem.from_costs(walk, np.ones(walk.shape[0]), max_walk=2).needs[0]
    np.testing.assert_array_equal(many_pairs.covered(few.walk, 2.0, is_open), few.covered(is_open))
    np.testing.assert_array_equal(many_pairs.nearest(few.walk, is_open), few.nearest(is_open))


@given(given_problem=problems(), stations=st.integers(0, 4))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_the_plan_is_the_same_whether_pairs_are_many_or_few(given_problem, stations):
    rules = [{"name": "station_count", "at_least": 0, "at_most": stations + 7}]
    few = solve(given_problem, "max_coverage", rules)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(problem, "MANY_PAIRS", -1)
        many = solve(given_problem, "max_coverage", rules)
    assert (few.open_sites, few.objective, few.status) == (many.open_sites, many.objective, many.status)


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.int32, np.uint8])
def test_every_way_of_giving_a_matrix_gives_the_same_problem(kind):
    rng = np.random.default_rng(2)
    dense = np.where(rng.random((30, 9)) < 0.4, rng.integers(0, 9, (30, 9)), np.nan)
    row, site = np.nonzero(np.isfinite(dense))
    walk = dense[row, site].astype(kind)
    mixed = rng.permutation(len(row))
    coo = sparse.coo_array((walk[mixed], (row[mixed], site[mixed])), shape=dense.shape)
    first = np.append(0, np.cumsum(np.bincount(row, minlength=30)))
    csr = sparse.csr_array((walk, site, first), shape=dense.shape)
    backwards = np.concatenate([np.arange(first[k + 1] - 1, first[k] - 1, -1) for k in range(30)])
    unsorted = sparse.csr_array((walk[backwards], site[backwards], first), shape=dense.shape)
    expected = SitingProblem.from_costs(dense, np.ones(30), max_walk=4).needs[0]
    for given_walk in (csr, sparse.csr_matrix(csr), unsorted, coo, csr.tocsc()):
        need = SitingProblem.from_costs(given_walk, np.ones(30), max_walk=4).needs[0]
        np.testing.assert_array_equal(need.walk.indptr, expected.walk.indptr)
        np.testing.assert_array_equal(need.walk.indices, expected.walk.indices)
        np.testing.assert_array_equal(need.walk.data, expected.walk.data)


def test_sorted_rows_are_taken_as_they_are():
    walk = sparse.csr_array((np.ones(3, dtype=np.float32), [0, 1, 1], [0, 2, 3]), shape=(2, 2))
    taken = SitingProblem.from_costs(walk, [1, 1], max_walk=4).needs[0].walk
    assert np.shares_memory(taken.data, walk.data)
    assert np.shares_memory(taken.indices, walk.indices)


@pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf])
def test_unusable_walks_in_sorted_rows_are_seen(wrong):
    walk = sparse.csr_array((np.array([2.0, wrong, 1.0]), [0, 1, 1], [0, 2, 3]), shape=(2, 2))
    if wrong < 0:
        with pytest.raises(InputError):
            SitingProblem.from_costs(walk, [1, 1], max_walk=4)
    else:
        assert SitingProblem.from_costs(walk, [1, 1], max_walk=4).needs[0].walk.nnz == 2


def test_sites_beyond_the_last_column_are_refused():
    walk = sparse.csr_array((np.ones(3), [0, 1, 1], [0, 2, 3]), shape=(2, 2))
    walk.indices[1] = 7
    with pytest.raises(InputError):
        SitingProblem.from_costs(walk, [1, 1], max_walk=4)


def test_a_walk_of_exactly_the_limit_counts_in_single_precision_too(monkeypatch):
    walk = sparse.csr_array(np.array([[0.1, 0.2]], dtype=np.float32))
    for many in (10, -1):
        monkeypatch.setattr(problem, "MANY_PAIRS", many)
        need = SitingProblem.from_costs(walk, [1], max_walk=0.1).needs[0]
        assert need.covered(np.array([True, False])).all()
        assert need.alike.sites.nnz == 1


@given(st.lists(st.floats(0, 1e6), max_size=30))
@SETTINGS
def test_sums_do_not_depend_on_the_order(amounts):
    there = np.array(amounts, dtype=float)
    assert total(there) == total(there[::-1])
    one = Alike(np.zeros(len(there), dtype=int), sparse.csr_array((1, 1)))
    np.testing.assert_array_equal(one.summed(there), one.summed(there[::-1]))
