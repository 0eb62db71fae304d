"""Dijkstra's algorithm over the arrays of the engine, as far as a limit: labels, their heap, and how they spread."""

from __future__ import annotations

from planner.catchments.arrays import HEAPED, LISTED, NOW, Layer, Records, Slots, Sources
from planner.machine_code import part
from planner.network.segments import Whole


@part
def _push(layer: Layer, key: Whole, node: Whole) -> None:
    keys, nodes = layer.heap_key, layer.heap_node
    place = layer.state[HEAPED]
    layer.state[HEAPED] += 1
    while place > 0:
        parent = (place - 1) >> 1
        if keys[parent] <= key:
            break
        keys[place] = keys[parent]
        nodes[place] = nodes[parent]
        place = parent
    keys[place] = key
    nodes[place] = node


@part
def _pop(layer: Layer) -> tuple[Whole, Whole]:
    keys, nodes = layer.heap_key, layer.heap_node
    key, node = keys[0], nodes[0]
    layer.state[HEAPED] -= 1
    size = layer.state[HEAPED]
    last_key, last_node = keys[size], nodes[size]
    place, child = 0, 1
    while child < size:
        child += int(keys[child + 1] < keys[child])  # at the end it meets the last key itself
        if last_key <= keys[child]:
            break
        keys[place] = keys[child]
        nodes[place] = nodes[child]
        place = child
        child = 2 * place + 1
    keys[place] = last_key
    nodes[place] = last_node
    return key, node


@part
def clear(layer: Layer) -> None:
    """Forget every label."""
    layer.state[NOW] += 1
    layer.state[LISTED] = 0


@part
def offer(layer: Layer, node: Whole, label: Whole) -> None:
    """Give a node a label if it is the best so far."""
    if layer.node[node].stamp != layer.state[NOW] or label < layer.node[node].label:
        layer.node[node].stamp = layer.state[NOW]
        layer.node[node].label = label
        _push(layer, label, node)


@part
def enter(layer: Layer, edges: Records, sources: Sources, first: Whole, last: Whole, limit: Whole) -> None:
    """Give the nodes beside some accesses their labels."""
    for access in range(first, last):
        edge = sources.access[access].edge
        if sources.access[access].to_start <= limit:
            offer(layer, edges[edge].start, sources.access[access].to_start)
        if sources.access[access].to_end <= limit:
            offer(layer, edges[edge].end, sources.access[access].to_end)


@part
def spread(slots: Slots, layer: Layer, below: Layer, capped: Whole, public: Whole, area: Whole, limit: Whole) -> None:
    """Settle everything within the limit over public ways (if `public`) and the ways of one private area.

    Where `capped`, labels that are no better than those of the layer `below` are dropped.
    """
    settled = 0
    now, below_now = layer.state[NOW], below.state[NOW]
    while layer.state[HEAPED] > 0:
        key, node = _pop(layer)
        if key > layer.node[node].label:
            continue
        layer.node[settled].settled = node
        settled += 1
        slot = slots.first[node] if public else slots.private[node]
        last = slots.first[node + 1] if area > 0 else slots.private[node]
        while slot < last:
            way = slots.way[slot].area
            if way == 0 or way == area:
                label = key + slots.way[slot].ms
                head = slots.way[slot].head
                better = label <= limit and (layer.node[head].stamp != now or label < layer.node[head].label)
                if better and (not capped or below.node[head].stamp != below_now or label < below.node[head].label):
                    layer.node[head].stamp = now
                    layer.node[head].label = label
                    _push(layer, label, head)
            slot += 1
    layer.state[LISTED] = settled
