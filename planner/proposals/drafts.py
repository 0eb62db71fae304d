"""A first draft of where the uncovered people are: clusters of scikit-learn, whose surroundings are then walked."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

#: Clusters are made this many times finer than the number of proposals, coarse ones for wide reaches, fine for narrow.
FINENESS = (1, 4, 16, 64)

#: More clusters than this are never made.
_MOST_CLUSTERS = 2_000

#: So many places around the middle of each cluster are walked to.
_AROUND = 20

#: From so many points on, clusters are made of batches.
_MANY = 20_000


def drafted(homes: Floats, people: Floats, places: Floats, count: int, seed: int) -> Ints:
    """Return the places around the middles of clusters of people, as sorted positions.

    Weighted k-means on coordinates knows no streets and no rivers: it says where people are, not whom a place reaches.

    Parameters
    ----------
    homes : array of float64, shape (points, 2)
        In an order that does not depend on that of the input.
    people : array of float64, shape (points,)
    places : array of float64, shape (places, 2)
    count : int
        Proposals asked for.
    seed : int
    """
    tree = cKDTree(places)
    around = min(_AROUND, len(places))
    numbers = {min(count * fineness, _MOST_CLUSTERS) for fineness in FINENESS}
    found = [
        np.asarray(tree.query(middles, k=[*range(1, around + 1)])[1]).ravel()
        for middles in (cluster_middles(homes, people, number, seed) for number in sorted(numbers))
    ]
    return np.unique(np.concatenate(found)).astype(np.intp)


def cluster_middles(homes: Floats, people: Floats, count: int, seed: int) -> Floats:
    """Return the middles of so many clusters of people, fewer where there are fewer places where somebody lives."""
    from sklearn.cluster import KMeans, MiniBatchKMeans
    from threadpoolctl import threadpool_limits

    inhabited = homes[people > 0]
    apart = np.unique(inhabited, axis=0)
    if len(apart) <= count:
        return apart
    seed = seed % 2**32
    cluster = MiniBatchKMeans if len(inhabited) > _MANY else KMeans
    with threadpool_limits(limits=1):  # sums of several threads differ in their last digits
        made = cluster(count, n_init=4, random_state=seed).fit(inhabited, sample_weight=people[people > 0])
    middles: Floats = made.cluster_centers_
    return middles
