"""The hot loop: bounded shortest walks over arrays, in whole milliseconds, compiled by Numba.

Imported only when a walk is measured, for it brings Numba with it.

Private ways make a search run in layers. Away from an origin: first over public ways and its own area, then from
there into each foreign area on the way, which it does not leave again. Towards a destination the same walks are
followed backward: first inside its area, then over public ways, then in each area where somebody sets out, who may
also walk out of that area and back in. Without private ways only one layer is ever used.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.catchments.arrays import (
    Edges,
    Flags,
    Heap,
    Integers,
    Layer,
    Positions,
    Slots,
    Sources,
    Targets,
    Touched,
    Workspace,
)
from planner.network.segments import Whole, compiled, part


@part
def _push(heap: Heap, key: Whole, node: Whole) -> None:
    place = heap.size[0]
    heap.size[0] += 1
    while place > 0:
        parent = (place - 1) >> 1
        if heap.key[parent] <= key:
            break
        heap.key[place] = heap.key[parent]
        heap.node[place] = heap.node[parent]
        place = parent
    heap.key[place] = key
    heap.node[place] = node


@part
def _pop(heap: Heap) -> tuple[Whole, Whole]:
    key, node = heap.key[0], heap.node[0]
    heap.size[0] -= 1
    size = heap.size[0]
    last_key, last_node = heap.key[size], heap.node[size]
    place, child = 0, 1
    while child < size:
        if child + 1 < size and heap.key[child + 1] < heap.key[child]:
            child += 1
        if last_key <= heap.key[child]:
            break
        heap.key[place] = heap.key[child]
        heap.node[place] = heap.node[child]
        place = child
        child = 2 * place + 1
    heap.key[place] = last_key
    heap.node[place] = last_node
    return key, node


@part
def _clear(layer: Layer) -> None:
    layer.state[0] += 1
    layer.state[1] = 0


@part
def _offer(layer: Layer, heap: Heap, node: Whole, label: Whole) -> None:
    """Give a node a label if it is the best so far."""
    if layer.stamp[node] != layer.state[0] or label < layer.label[node]:
        layer.stamp[node] = layer.state[0]
        layer.label[node] = label
        _push(heap, label, node)


@part
def _enter(layer: Layer, heap: Heap, edges: Edges, sources: Sources, access: Whole, limit: Whole) -> None:
    edge = sources.edge[access]
    if sources.to_start[access] <= limit:
        _offer(layer, heap, edges.start[edge], sources.to_start[access])
    if sources.to_end[access] <= limit:
        _offer(layer, heap, edges.end[edge], sources.to_end[access])


@part
def _spread(
    slots: Slots, layer: Layer, below: Layer, capped: bool, heap: Heap, public: bool, area: Whole, limit: Whole
) -> None:
    """Settle everything within the limit over public ways (if `public`) and the ways of one private area.

    Where `capped`, labels that are no better than those of the layer `below` are dropped. Callers write flags as
    `bool(1)`: for a literal, Numba would compile one more copy of this function.
    """
    settled = 0
    mark, below_mark = layer.state[0], below.state[0]
    while heap.size[0] > 0:
        key, node = _pop(heap)
        if key > layer.label[node]:
            continue
        layer.settled[settled] = node
        settled += 1
        slot = slots.first[node] if public else slots.private[node]
        last = slots.first[node + 1] if area > 0 else slots.private[node]
        while slot < last:
            way = slots.area[slot]
            if way == 0 or way == area:
                label = key + slots.ms[slot]
                head = slots.head[slot]
                better = label <= limit and (layer.stamp[head] != mark or label < layer.label[head])
                if better and (not capped or below.stamp[head] != below_mark or label < below.label[head]):
                    layer.stamp[head] = mark
                    layer.label[head] = label
                    _push(heap, label, head)
            slot += 1
    layer.state[1] = settled


@part
def _note(work: Workspace, target: Whole, walk: Whole, limit: Whole) -> None:
    """Keep a walk to a target if it is the shortest so far."""
    if walk > limit:
        return
    if work.stamp[target] != work.state[0]:
        work.stamp[target] = work.state[0]
        work.best[target] = walk
        work.reached[work.state[1]] = target
        work.state[1] += 1
    elif walk < work.best[target]:
        work.best[target] = walk


@part
def _collect(
    slots: Slots, targets: Targets, work: Workspace, layer: Layer, public: bool, area: Whole, limit: Whole
) -> None:
    """Note the targets on the public edges (if `public`), and on those of one private area, of every settled node."""
    for place in range(layer.state[1]):
        node = layer.settled[place]
        label = layer.label[node]
        slot = slots.first[node] if public else slots.private[node]
        last = slots.first[node + 1] if area > 0 else slots.private[node]
        while slot < last:
            way = slots.area[slot]
            if way == 0 or way == area:
                edge = slots.edge[slot]
                far = targets.from_start if slots.from_start[slot] else targets.from_end
                for access in range(targets.first[edge], targets.first[edge + 1]):
                    _note(work, targets.target[access], label + far[access], limit)
            slot += 1


@part
def _collect_along(
    edges: Edges, sources: Sources, access: Whole, targets: Targets, work: Workspace, limit: Whole
) -> None:
    """Note the targets on the source's own edge: straight along it, forward or backward."""
    edge = sources.edge[access]
    for other in range(targets.first[edge], targets.first[edge + 1]):
        forward = targets.from_start[other] + sources.to_end[access] - edges.ms[edge]
        backward = targets.from_end[other] + sources.to_start[access] - edges.ms_back[edge]
        _note(work, targets.target[other], max(forward, backward), limit)


@part
def _touch(slots: Slots, layer: Layer, wanted: Flags, touched: Touched, without: Whole) -> int:
    """Chain the settled nodes by the private areas that they touch."""
    touched.state[0] += 1
    areas, nodes = 0, 0
    for place in range(layer.state[1]):
        node = layer.settled[place]
        before = 0
        for slot in range(slots.private[node], slots.first[node + 1]):
            area = slots.area[slot]
            if area in (before, without) or not wanted[area]:
                continue
            before = area
            if touched.stamp[area] != touched.state[0]:
                touched.stamp[area] = touched.state[0]
                touched.chain[area] = -1
                touched.areas[areas] = area
                areas += 1
            touched.node[nodes] = node
            touched.following[nodes] = touched.chain[area]
            touched.chain[area] = nodes
            nodes += 1
    return areas


@part
def _enter_chain(touched: Touched, area: Whole, outer: Layer, inner: Layer, heap: Heap) -> None:
    place = touched.chain[area]
    while place >= 0:
        node = touched.node[place]
        _offer(inner, heap, node, outer.label[node])
        place = touched.following[place]


@part
def _search_away(
    slots: Slots,
    edges: Edges,
    sources: Sources,
    first: Whole,
    last: Whole,
    targets: Targets,
    work: Workspace,
    limit: Whole,
) -> None:
    """Search from one origin's accesses on one area: over public ways and that area, then into foreign areas."""
    own = np.int64(sources.area[first])
    outer, inner = work.outer, work.inner
    _clear(outer)
    for access in range(first, last):
        _enter(outer, work.outer_heap, edges, sources, access, limit)
    _spread(slots, outer, inner, bool(0), work.outer_heap, bool(1), own, limit)
    _collect(slots, targets, work, outer, bool(1), own, limit)
    for place in range(_touch(slots, outer, targets.area_wanted, work.touched, own)):
        area = np.int64(work.touched.areas[place])
        _clear(inner)
        _enter_chain(work.touched, area, outer, inner, work.inner_heap)
        _spread(slots, inner, outer, bool(0), work.inner_heap, bool(0), area, limit)
        _collect(slots, targets, work, inner, bool(0), area, limit)


@part
def _search_toward(
    slots: Slots,
    edges: Edges,
    sources: Sources,
    first: Whole,
    last: Whole,
    targets: Targets,
    work: Workspace,
    limit: Whole,
) -> None:
    """Search backward from destinations: inside their areas, over public ways, then in the areas of those who come."""
    outer, inner = work.outer, work.inner
    _clear(outer)
    begin = first
    while begin < last:
        area = np.int64(sources.area[begin])
        end = _end_of_area(sources, begin, last)
        if area == 0:
            for access in range(begin, end):
                _enter(outer, work.outer_heap, edges, sources, access, limit)
        else:
            _clear(inner)
            for access in range(begin, end):
                _enter(inner, work.inner_heap, edges, sources, access, limit)
            _spread(slots, inner, outer, bool(0), work.inner_heap, bool(0), area, limit)
            for place in range(inner.state[1]):
                node = inner.settled[place]
                _offer(outer, work.outer_heap, node, inner.label[node])
        begin = end
    _spread(slots, outer, inner, bool(0), work.outer_heap, bool(1), np.int64(0), limit)
    _collect(slots, targets, work, outer, bool(1), np.int64(0), limit)
    for place in range(_touch(slots, outer, targets.area_wanted, work.touched, np.int64(0))):
        area = np.int64(work.touched.areas[place])
        _clear(inner)
        _enter_chain(work.touched, area, outer, inner, work.inner_heap)
        own = _begin_of_area(sources, first, last, area)
        while own < last and sources.area[own] == area:
            _enter(inner, work.inner_heap, edges, sources, own, limit)
            own += 1
        _spread(slots, inner, outer, bool(1), work.inner_heap, bool(1), area, limit)
        _collect(slots, targets, work, inner, bool(0), area, limit)


@part
def _end_of_area(sources: Sources, first: Whole, last: Whole) -> Whole:
    end = first
    while end < last and sources.area[end] == sources.area[first]:
        end += 1
    return end


@part
def _begin_of_area(sources: Sources, first: Whole, last: Whole, area: Whole) -> Whole:
    low, high = first, last
    while low < high:
        middle = (low + high) >> 1
        if sources.area[middle] < area:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def search(
    slots: Slots,
    edges: Edges,
    sources: Sources,
    searches: Integers,
    targets: Targets,
    limit: Whole,
    toward: bool,
    work: Workspace,
) -> tuple[Integers, Positions, Integers]:
    """Search from some sources, one after the other.

    Returns
    -------
    tuple of arrays
        For each search the number of targets found, then the targets of all of them and the walks to them; the
        targets of one search in no particular order.
    """
    count = np.zeros(len(searches), dtype=np.int64)
    target = np.empty(1024, dtype=np.int32)
    walk = np.empty(1024, dtype=np.int64)
    filled = 0
    for place in range(len(searches)):
        first, last = sources.first[searches[place]], sources.first[searches[place] + 1]
        work.state[0] += 1
        work.state[1] = 0
        for access in range(first, last):
            _collect_along(edges, sources, access, targets, work, limit)
        if toward:
            _search_toward(slots, edges, sources, first, last, targets, work, limit)
        else:
            begin = first
            while begin < last:
                end = _end_of_area(sources, begin, last)
                _search_away(slots, edges, sources, begin, end, targets, work, limit)
                begin = end
        found = work.state[1]
        if filled + found > len(target):
            target = _grown(target, filled, found)
            walk = _grown(walk, filled, found)
        for reached in range(found):
            target[filled] = work.reached[reached]
            walk[filled] = work.best[work.reached[reached]]
            filled += 1
        count[place] = found
    return count, target[:filled], walk[:filled]


@part
def _grown(values: Any, filled: Whole, more: Whole) -> Any:
    larger = np.empty(2 * (filled + more), dtype=values.dtype)
    for place in range(filled):
        larger[place] = values[place]
    return larger


@compiled
def nodes_within(slots: Slots, nodes: Positions, limit: Whole, work: Workspace) -> Integers:
    """Count the nodes within the limit of each of some nodes, over public ways."""
    count = np.zeros(len(nodes), dtype=np.int64)
    for place in range(len(nodes)):
        _clear(work.outer)
        _offer(work.outer, work.outer_heap, nodes[place], 0)
        _spread(slots, work.outer, work.inner, False, work.outer_heap, True, 0, limit)
        count[place] = work.outer.state[1]
    return count
