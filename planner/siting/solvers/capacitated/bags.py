"""Knapsacks in machine code: fill them at given payments, move the payments, and count with each party taken in.

The payments are moved by the volume algorithm: Barahona & Anbil (2000), Mathematical Programming 87. The mean of the
plans that it meets tells which sites lean open. A site is closed by an infinite cost of opening it. Imported only
where it is used, for it brings Numba with it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from planner.machine_code import compiled, part

Whole = npt.NDArray[np.int64]
Amounts = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

#: Share of a new plan in the mean, at the most at first and at the least; how it shrinks, after so many rounds.
_SHARE, _LEAST_SHARE, _SHRINK, _EVERY = 0.1, 0.005, 0.8, 50

#: A step grows by so much when it helps, shrinks by so much after so many rounds without a better bound.
_GROW, _CUT, _IDLE = 1.1, 0.66, 10


@part
def _undecided(
    cost: Amounts, size: Whole, pay: Amounts, limit: int, items: Whole, count: int, chosen: Mask
) -> tuple[int, int, float]:
    """Take in the parties that the best filling surely has, and drop those that it surely has not.

    Parties by what they gain for their size; the first that does not fit sets the price of room. Against it, each party
    loses something by being decided the other way: too much, where that is more than a simple filling lacks (Dembo &
    Hammer 1980, Methods of Operations Research 36). Returns how many are left, their room, and what those taken add.
    """
    rate = np.empty(count)
    for k in range(count):
        rate[k] = (cost[items[k]] - pay[items[k]]) / max(size[items[k]], 1e-9)
    order = np.argsort(rate, kind="mergesort")
    used, filled, relaxed, price, is_over = 0, 0.0, 0.0, 0.0, False
    for k in order:
        gain = cost[items[k]] - pay[items[k]]
        if used + size[items[k]] <= limit:
            used += size[items[k]]
            filled += gain
        elif not is_over:
            is_over, price = True, rate[k]
            relaxed = filled + price * (limit - used)
    room = filled - relaxed + 1e-9 * (1.0 - relaxed)
    left, surely = 0, 0.0
    for k in range(count):
        party = items[k]
        gain = cost[party] - pay[party]
        loss = gain - price * size[party]
        if loss < -room:
            chosen[party] = True
            limit -= size[party]
            surely += gain
        elif loss <= room:
            items[left] = party
            left += 1
    return left, limit, surely


@part
def _fill(
    cost: Amounts,
    opening: Amounts,
    size: Whole,
    room: Whole,
    pay: Amounts,
    value: Amounts,
    chosen: Mask,
    best: Amounts,
    taken: Mask,
    items: Whole,
) -> None:
    """Fill every open site with the parties that pay best and fit; value is what that adds, its opening included."""
    parties, sites = cost.shape
    for site in range(sites):
        value[site] = opening[site]
        chosen[:, site] = False
        if np.isinf(opening[site]):
            continue
        limit, count, total = room[site], 0, 0
        for party in range(parties):
            if cost[party, site] < pay[party] and size[party] <= limit:
                items[count] = party
                count += 1
                total += size[party]
        if total <= limit:
            for k in range(count):
                chosen[items[k], site] = True
                value[site] += cost[items[k], site] - pay[items[k]]
            continue
        count, limit, surely = _undecided(cost[:, site], size, pay, limit, items, count, chosen[:, site])
        value[site] += surely
        best[: limit + 1] = 0.0
        for k in range(count):
            party = items[k]
            gain = cost[party, site] - pay[party]
            taken[k, : size[party]] = False
            for used in range(limit, size[party] - 1, -1):
                more = best[used - size[party]] + gain
                taken[k, used] = more < best[used]
                if more < best[used]:
                    best[used] = more
        value[site] += best[limit]
        used = limit
        for k in range(count - 1, -1, -1):
            if taken[k, used]:
                chosen[items[k], site] = True
                used -= size[items[k]]


@part
def _open_best(value: Amounts, forced: Mask, least: int, most: int) -> Any:
    """Return the sites that cost least, as many as are allowed."""
    key = np.where(forced, -np.inf, value)
    gains = 0
    for site in range(len(value)):
        gains += int(key[site] < 0)
    return np.argsort(key, kind="mergesort")[: max(least, min(most, gains))]


@compiled
def climb(
    cost: Amounts,
    opening: Amounts,
    size: Whole,
    room: Whole,
    must_go: Mask,
    forced: Mask,
    least: int,
    most: int,
    pay: Amounts,
    target: float,
    rounds: int,
    step: float,
    last_step: float,
) -> tuple[float, Amounts, Amounts]:
    """Move the payments until the bound is above the target, steps are short, or so many rounds are over.

    Returns
    -------
    bound : float
    pay : array of float, shape (parties,)
        The payments that prove it.
    leaning : array of float, shape (sites,)
        How open each site is in the mean of the plans met.
    """
    parties, sites = cost.shape
    width = room.max() + 1
    value, chosen = np.empty(sites), np.empty((parties, sites), dtype=np.bool_)
    best, taken = np.empty(width), np.empty((parties, width), dtype=np.bool_)
    items = np.empty(parties, dtype=np.int64)
    mean, leaning = np.zeros(parties), np.zeros(sites)
    lacking, way, now = np.empty(parties), np.zeros(parties), pay.copy()
    bound, best_pay, idle, share = -np.inf, pay.copy(), 0, _SHARE
    for turn in range(rounds):
        _fill(cost, opening, size, room, now, value, chosen, best, taken, items)
        opened = _open_best(value, forced, least, most)
        total = now.sum()
        lacking[:] = 1.0
        for site in opened:
            total += value[site]
            for party in range(parties):
                if chosen[party, site]:
                    lacking[party] -= 1.0
        along, across = 0.0, 0.0
        for party in range(parties):
            along += (1.0 - mean[party] - lacking[party]) * (1.0 - mean[party])
            across += (1.0 - mean[party] - lacking[party]) ** 2
        weight = 1.0
        if turn > 0:
            weight = min(max(along / across if across > 0 else 1.0, share / 10), share)
        for party in range(parties):
            mean[party] = (1.0 - weight) * mean[party] + weight * (1.0 - lacking[party])
        leaning *= 1.0 - weight
        for site in opened:
            leaning[site] += weight
        if total > bound + 1e-10 * max(1.0, abs(total)):
            if turn > 0 and (lacking * way).sum() > 0:
                step = min(step * _GROW, 2.0)
            bound, idle = total, 0
            best_pay[:] = now
        else:
            idle += 1
            if idle >= _IDLE:
                step, idle = step * _CUT, 0
        if bound > target or step < last_step:
            break
        if turn % _EVERY == _EVERY - 1:
            share = max(share * _SHRINK, _LEAST_SHARE)
        length = 0.0
        for party in range(parties):
            way[party] = 1.0 - mean[party]
            if not must_go[party] and best_pay[party] >= 0 and way[party] > 0:
                way[party] = 0.0
            length += way[party] ** 2
        if length < 1e-9:
            break
        hoped = max(target - bound, 1e-3 * max(1.0, abs(target)))
        for party in range(parties):
            now[party] = best_pay[party] + step * hoped / length * way[party]
            if not must_go[party]:
                now[party] = min(now[party], 0.0)
    return bound, best_pay, leaning


@compiled
def with_each(cost: Amounts, opening: Amounts, size: Whole, room: Whole, pay: Amounts) -> tuple[Amounts, Amounts]:
    """Return what each site adds, shape (sites,), and what it adds with each party taken in, (parties, sites)."""
    parties, sites = cost.shape
    width = room.max() + 1
    value, found = np.full(sites, np.inf), np.full((parties, sites), np.inf)
    before, after = np.empty(width), np.empty((parties + 1, width))
    for site in range(sites):
        if np.isinf(opening[site]):
            continue
        limit = room[site]
        after[parties, : limit + 1] = 0.0
        for party in range(parties - 1, -1, -1):
            gain = cost[party, site] - pay[party]
            after[party, : limit + 1] = after[party + 1, : limit + 1]
            if gain < 0:
                for used in range(size[party], limit + 1):
                    after[party, used] = min(after[party, used], after[party + 1, used - size[party]] + gain)
        value[site] = after[0, limit] + opening[site]
        before[: limit + 1] = 0.0
        for party in range(parties):
            gain, left = cost[party, site] - pay[party], limit - size[party]
            if left < 0 or not np.isfinite(gain):
                continue
            least = np.inf
            for used in range(left + 1):
                least = min(least, before[used] + after[party + 1, left - used])
            found[party, site] = least + gain + opening[site]
            if gain < 0:
                for used in range(limit, size[party] - 1, -1):
                    before[used] = min(before[used], before[used - size[party]] + gain)
    return value, found
