from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from planner.proposals.choosing import Walked, choose, gains


@st.composite
def walked(draw: st.DrawFn) -> Walked:
    rows, places = draw(st.integers(1, 8)), draw(st.integers(1, 7))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    reach = (rng.random((rows, places)) < 0.4).astype(float)
    xy = rng.integers(0, 20, (places, 2)) * 50.0
    walk = reach * rng.integers(1, 900, (rows, places))
    people = rng.integers(0, 30, rows).astype(float)
    return Walked(xy, rng.integers(0, 3, places), sparse.csc_array(reach), people, sparse.csc_array(walk))


def reached(one: Walked, chosen: tuple[int, ...]) -> float:
    return float(one.people[one.reach.toarray()[:, list(chosen)].any(axis=1)].sum())


@given(walked())
def test_one_proposal_is_where_most_people_are_reached(one: Walked) -> None:
    chosen = choose(one, 1, 0.0, 1.0)
    best = max(reached(one, (place,)) for place in range(len(one.xy)))
    assert reached(one, tuple(chosen)) == (best if best >= 1 else 0)


@settings(deadline=None)
@given(walked(), st.integers(1, 3))
def test_several_reach_at_least_the_share_of_the_best_choice_that_greed_is_proven_to(one: Walked, count: int) -> None:
    chosen = tuple(choose(one, count, 0.0, 1.0))
    places = range(len(one.xy))
    best = max(reached(one, each) for each in combinations(places, min(count, len(one.xy))))
    assert reached(one, chosen) >= (1 - 1 / np.e) * best - 1e-9


@pytest.mark.parametrize(("alone", "expected"), [(14.0, [0, 1]), (8.0, [2, 0])])
def test_places_are_moved_apart_where_that_is_worth_more_than_a_good_first_one(
    alone: float, expected: list[int]
) -> None:
    # Place 2 reaches two homes of ten on either side, places 0 and 1 those of one side and one more home each.
    reach = np.array([[1, 0, 1], [1, 0, 1], [1, 0, 0], [0, 1, 1], [0, 1, 1], [0, 1, 0]], dtype=float)
    people = np.array([10.0, 10.0, alone, 10.0, 10.0, alone])
    xy, walk = np.array([[0.0, 0.0], [500.0, 0.0], [250.0, 0.0]]), sparse.csc_array(reach)
    one = Walked(xy, np.zeros(3, dtype=int), walk, people, walk)
    assert choose(one, 2, 0.0, 1.0).tolist() == expected
    assert choose(one, 1, 0.0, 1.0).tolist() == [2]


@settings(deadline=None)
@given(walked(), st.integers(1, 5), st.sampled_from([0.0, 120.0, 400.0]), st.sampled_from([1.0, 10.0]))
def test_proposals_stand_apart_and_each_adds_people_to_those_before_it(
    one: Walked, count: int, min_apart_m: float, min_people: float
) -> None:
    chosen = choose(one, count, min_apart_m, min_people)
    assert len(chosen) <= count
    for a, b in combinations(chosen, 2):
        assert np.hypot(*(one.xy[a] - one.xy[b])) >= min_apart_m
    added = [gains(one, chosen[:k])[place] for k, place in enumerate(chosen)]
    assert all(people >= min_people for people in added)
    assert added == sorted(added, reverse=True)
