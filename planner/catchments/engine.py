"""The hot loop: bounded shortest walks over arrays, in whole milliseconds, compiled by Numba.

Imported only when a walk is measured, for it brings Numba with it.

Private ways make a search run in layers. Away from an origin: first over public ways and its own area, then from
there into each foreign area on the way, which it does not leave again. Towards a destination the same walks are
followed backward: first inside its area, then over public ways, then in each area where somebody sets out, who may
also walk out of that area and back in. Without private ways only one layer is ever used. A barred node is a passage
for residents: nobody gets there from public ways into a foreign area.
"""

from __future__ import annotations

from planner.catchments.arrays import (
    LISTED,
    NO,
    NOW,
    YES,
    Integers,
    Layer,
    Records,
    Shortest,
    Slots,
    Sources,
    Targets,
    Touched,
    Workspace,
)
from planner.catchments.spreading import clear, enter, offer, spread
from planner.machine_code import compiled, part
from planner.network.segments import Whole


@part
def _note(shortest: Shortest, target: Whole, walk: Whole, limit: Whole) -> None:
    """Keep a walk to a target if it is the shortest so far."""
    if walk > limit:
        return
    if shortest.target[target].stamp != shortest.state[NOW]:
        shortest.target[target].stamp = shortest.state[NOW]
        shortest.target[target].walk = walk
        shortest.target[shortest.state[LISTED]].reached = target
        shortest.state[LISTED] += 1
    elif walk < shortest.target[target].walk:
        shortest.target[target].walk = walk


@part
def _collect(
    slots: Slots, targets: Targets, shortest: Shortest, layer: Layer, public: Whole, area: Whole, limit: Whole
) -> None:
    """Note the targets on the public edges (if `public`), and on those of one private area, of every settled node."""
    for place in range(layer.state[LISTED]):
        node = layer.node[place].settled
        label = layer.node[node].label
        slot = slots.first[node] if public else slots.private[node]
        last = slots.first[node + 1] if area > 0 else slots.private[node]
        while slot < last:
            way = slots.way[slot].area
            if way == 0 or way == area:
                edge, from_end = slots.side[slot] >> 1, slots.side[slot] & 1
                for access in range(targets.first[edge], targets.first[edge + 1]):
                    found = targets.access[access]
                    _note(shortest, found.target, label + (found.from_end if from_end else found.from_start), limit)
            slot += 1


@part
def _collect_along(
    edges: Records, sources: Sources, first: Whole, last: Whole, targets: Targets, shortest: Shortest, limit: Whole
) -> None:
    """Note the targets on the sources' own edges: straight along them, forward or backward."""
    for access in range(first, last):
        edge = sources.access[access].edge
        for other in range(targets.first[edge], targets.first[edge + 1]):
            forward = targets.access[other].from_start + sources.access[access].to_end - edges[edge].ms
            backward = targets.access[other].from_end + sources.access[access].to_start - edges[edge].ms_back
            _note(shortest, targets.access[other].target, max(forward, backward), limit)


@part
def _touch(slots: Slots, layer: Layer, wanted: Integers, touched: Touched, without: Whole, residents: Whole) -> Whole:
    """Chain the settled nodes by the private areas that they touch; the barred ones too for `residents`."""
    touched.state[NOW] += 1
    areas: Whole = 0
    links = 0
    for place in range(layer.state[LISTED]):
        node = layer.node[place].settled
        before = 0
        if slots.private[node] < slots.first[node + 1] and slots.barred[node] and not residents:
            continue
        for slot in range(slots.private[node], slots.first[node + 1]):
            area = slots.way[slot].area
            if area == before or area == without or wanted[area] == 0:  # noqa: SIM109
                continue
            before = area
            areas = _add_area(touched, area, areas)
            touched.link[links].node = node
            touched.link[links].following = touched.area[area].first
            touched.area[area].first = links
            links += 1
    return areas


@part
def _add_area(touched: Touched, area: Whole, areas: Whole) -> Whole:
    """Begin a chain for an area that has none."""
    if touched.area[area].stamp == touched.state[NOW]:
        return areas
    touched.area[area].stamp = touched.state[NOW]
    touched.area[area].first = -1
    touched.area[areas].touched = area
    return areas + 1


@part
def _add_own_areas(
    sources: Sources, first: Whole, last: Whole, wanted: Integers, touched: Touched, areas: Whole
) -> Whole:
    """Add the areas of accesses: with all passages barred no public way leads there, but residents walk."""
    for access in range(first, last):
        area = sources.access[access].area
        if wanted[area] != 0:
            areas = _add_area(touched, area, areas)
    return areas


@part
def _enter_chain(touched: Touched, area: Whole, outer: Layer, inner: Layer) -> None:
    link = touched.area[area].first
    while link >= 0:
        node = touched.link[link].node
        offer(inner, node, outer.node[node].label)
        link = touched.link[link].following


@part
def _come_out(
    slots: Slots, edges: Records, sources: Sources, first: Whole, last: Whole, space: Workspace, limit: Whole
) -> None:
    """Walk backward from accesses on private ways to the nodes where visitors enter, and from those go on."""
    outer, inner = space.outer, space.inner
    begin = _end_of_area(sources, first, last, NO)
    enter(outer, edges, sources, first, begin, limit)
    while begin < last:
        area = sources.access[begin].area
        end = _end_of_area(sources, begin, last, area)
        clear(inner)
        enter(inner, edges, sources, begin, end, limit)
        spread(slots, inner, outer, NO, NO, area, limit)
        for place in range(inner.state[LISTED]):
            node = inner.node[place].settled
            if not slots.barred[node]:
                offer(outer, node, inner.node[node].label)
        begin = end


@part
def _end_of_area(sources: Sources, first: Whole, last: Whole, area: Whole) -> Whole:
    """Return the first access whose area is beyond this one."""
    low, high = first, last
    while low < high:
        middle = (low + high) >> 1
        if sources.access[middle].area <= area:
            low = middle + 1
        else:
            high = middle
    return low


@part
def _search_layers(
    slots: Slots,
    edges: Records,
    sources: Sources,
    first: Whole,
    last: Whole,
    targets: Targets,
    limit: Whole,
    toward: Whole,
    space: Workspace,
) -> None:
    """Search away from accesses on one area, or backward from all accesses of a destination."""
    outer, inner = space.outer, space.inner
    own = 0 if toward else sources.access[first].area
    clear(outer)
    if toward:
        _come_out(slots, edges, sources, first, last, space, limit)
    else:
        enter(outer, edges, sources, first, last, limit)
    spread(slots, outer, inner, NO, YES, own, limit)
    _collect(slots, targets, space.shortest, outer, YES, own, limit)
    areas = _touch(slots, outer, targets.area_wanted, space.touched, own, toward)
    if toward:
        areas = _add_own_areas(sources, first, last, targets.area_wanted, space.touched, areas)
    for place in range(areas):
        area = space.touched.area[place].touched
        clear(inner)
        _enter_chain(space.touched, area, outer, inner)
        if toward:
            begin = _end_of_area(sources, first, last, area - 1)
            enter(inner, edges, sources, begin, _end_of_area(sources, begin, last, area), limit)
        spread(slots, inner, outer, toward, toward, area, limit)
        _collect(slots, targets, space.shortest, inner, NO, area, limit)


@compiled
def search(
    slots: Slots,
    edges: Records,
    sources: Sources,
    searches: Integers,
    begin: Whole,
    targets: Targets,
    limit: Whole,
    toward: Whole,
    space: Workspace,
    count: Integers,
    found: Records,
) -> tuple[Whole, Whole]:
    """Search from some sources, one after the other, as long as there is room for what another one may find.

    Parameters
    ----------
    searches : array of int64
        The sources to search from.
    begin : int
        The first of them that is still to be done.
    toward : int
        Whether walks are followed backward, 0 or 1.
    count : array of int64, shape (searches,)
        Takes the number of targets found.
    found : array of records, shape (room,)
        Takes the targets and the walks to them; those of one search in no particular order.

    Returns
    -------
    tuple of int
        The first search not done, and how many walks were found.
    """
    shortest = space.shortest
    filled = 0
    for place in range(begin, len(searches)):
        if filled + len(shortest.target) > len(found):
            return place, filled
        first, last = sources.first[searches[place]], sources.first[searches[place] + 1]
        shortest.state[NOW] += 1
        shortest.state[LISTED] = 0
        _collect_along(edges, sources, first, last, targets, shortest, limit)
        while first < last:
            end = last if toward else _end_of_area(sources, first, last, sources.access[first].area)
            _search_layers(slots, edges, sources, first, end, targets, limit, toward, space)
            first = end
        for reached in range(shortest.state[LISTED]):
            target = shortest.target[reached].reached
            found[filled].target = target
            found[filled].walk = shortest.target[target].walk
            filled += 1
        count[place] = shortest.state[LISTED]
    return len(searches), filled
