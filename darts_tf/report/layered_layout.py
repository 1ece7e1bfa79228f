"""Layout of a graph in layers, after Sugiyama: few crossings, then straight lines.

Vertices are hashable, each in one layer; every link joins a vertex to one of the next
layer. Nothing here knows cells, fonts or figures.
"""

import itertools
import random
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

_RESTARTS = 12
_ORDERING_SWEEPS = 8
_PLACING_SWEEPS = 600


class Link(NamedTuple):
    """A link between vertices of neighbouring layers.

    Attributes:
        tail: Vertex of the earlier layer.
        head: Vertex of the later layer.
        weight: How strongly the link is pulled straight.
        tail_offset: Where it leaves, relative to the middle of the tail.
        head_offset: Where it arrives, relative to the middle of the head.
    """

    tail: Hashable
    head: Hashable
    weight: float = 1.0
    tail_offset: float = 0.0
    head_offset: float = 0.0


def order_layers(
    layers: Sequence[Sequence[Hashable]], links: Sequence[Link]
) -> list[list[Hashable]]:
    """Orders the vertices of each layer so that few links cross.

    Barycentre sweeps with swaps of neighbours, from several shuffled starts; the
    same arguments give the same order.

    Args:
        layers: The vertices of each layer.
        links: The links.

    Returns:
        The layers with their vertices in a new order.
    """
    shuffle = random.Random(0).shuffle
    best = [list(layer) for layer in layers]
    fewest = num_crossings(best, links)
    for restart in range(_RESTARTS):
        layers = [list(layer) for layer in layers]
        if restart:
            for layer in layers:
                shuffle(layer)
        for sweep in range(_ORDERING_SWEEPS):
            _barycentre_sweep(layers, links, forward=sweep % 2 == 0)
            _swap_neighbours(layers, links)
            crossings = num_crossings(layers, links)
            if crossings < fewest:
                best, fewest = [list(layer) for layer in layers], crossings
        if not fewest:
            break
    return best


def num_crossings(layers: Sequence[Sequence[Hashable]], links: Sequence[Link]) -> int:
    """Counts the pairs of links that cross when layers are drawn in this order."""
    position = _positions(layers)
    layer_of = {v: i for i, layer in enumerate(layers) for v in layer}
    spans = [[] for _ in layers]
    for link in links:
        spans[layer_of[link.tail]].append((position[link.tail], position[link.head]))
    return sum(
        (a[0] - b[0]) * (a[1] - b[1]) < 0
        for span in spans
        for a, b in itertools.combinations(span, 2)
    )


def place_layers(
    layers: Sequence[Sequence[Hashable]],
    links: Sequence[Link],
    heights: Mapping[Hashable, float],
    gap: float,
) -> dict[Hashable, float]:
    """Places the vertices of each layer, in their order and without overlap.

    The sum over the links of weight * (difference of the two ends) ** 2 is made
    small by coordinate descent; each layer alone is an isotonic regression, which
    is solved exactly.

    Args:
        layers: The ordered vertices of each layer.
        links: The links.
        heights: Height of each vertex.
        gap: Least distance of vertices in one layer.

    Returns:
        The middle of each vertex, downwards from 0, the top of the highest.
    """
    pulls = _pulls(layers, links)
    rounds = [(layer, _distances(layer, heights, gap)) for layer in layers]
    middle = {}
    for layer, distance in rounds:
        middle.update(zip(layer, (d - distance[-1] / 2 for d in distance)))
    for sweep in range(_PLACING_SWEEPS):
        for layer, distance in rounds[:: -1 if sweep % 2 else 1]:
            middle.update(zip(layer, _place_layer(layer, distance, pulls, middle)))
    top = min(middle[vertex] - heights[vertex] / 2 for vertex in middle)
    return {vertex: y - top for vertex, y in middle.items()}


def _pulls(layers, links):
    """For each vertex its neighbours, where each wants it, and how strongly."""
    pulls = {vertex: [] for layer in layers for vertex in layer}
    for link in links:
        slope = link.tail_offset - link.head_offset
        pulls[link.head].append((link.tail, slope, link.weight))
        pulls[link.tail].append((link.head, -slope, link.weight))
    return pulls


def _place_layer(layer, distance, pulls, middle):
    """Returns the best middles of one layer while all others stay."""
    targets, weights = [], []
    for vertex in layer:
        total = sum(weight for _, _, weight in pulls[vertex])
        pulled = sum((middle[v] + slope) * w for v, slope, w in pulls[vertex])
        targets.append(pulled / total if total else middle[vertex])
        weights.append(total or 1.0)
    free = [target - d for target, d in zip(targets, distance)]
    return [y + d for y, d in zip(isotonic_regression(free, weights), distance)]


def isotonic_regression(
    targets: Sequence[float], weights: Sequence[float]
) -> list[float]:
    """Finds the never falling sequence nearest to `targets` in weighted squares."""
    blocks = []
    for target, weight in zip(targets, weights):
        blocks.append((target, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, u, m), (b, v, n) = blocks[-2:]
            blocks[-2:] = [((a * u + b * v) / (u + v), u + v, m + n)]
    return [value for value, _, length in blocks for _ in range(length)]


def _distances(layer, heights, gap):
    """How far below the first vertex of a layer each one is at least."""
    steps = ((heights[a] + heights[b]) / 2 + gap for a, b in itertools.pairwise(layer))
    return list(itertools.accumulate(steps, initial=0.0))


def _positions(layers):
    return {vertex: i for layer in layers for i, vertex in enumerate(layer)}


def _neighbours(links, forward):
    """The neighbours in the layer before if forward, else in the layer after."""
    neighbours = {}
    for link in links:
        near, far = (link.head, link.tail) if forward else (link.tail, link.head)
        neighbours.setdefault(near, []).append(far)
    return neighbours


def _barycentre_sweep(layers, links, forward):
    neighbours = _neighbours(links, forward)
    for layer in layers if forward else layers[::-1]:
        position = _positions(layers)

        def barycentre(vertex, position=position):
            around = [position[v] for v in neighbours.get(vertex, ())]
            return sum(around) / len(around) if around else position[vertex]

        layer.sort(key=barycentre)


def _swap_neighbours(layers, links):
    sides = [_neighbours(links, forward) for forward in (True, False)]
    for layer in layers:
        position = _positions(layers)
        for i in range(len(layer) - 1):
            change = 0
            for side in sides:
                upper = [position[v] for v in side.get(layer[i], ())]
                lower = [position[v] for v in side.get(layer[i + 1], ())]
                for u, v in itertools.product(upper, lower):
                    change += (u < v) - (u > v)
            if change < 0:
                layer[i], layer[i + 1] = layer[i + 1], layer[i]
