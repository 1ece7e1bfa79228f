"""Positions of the parts of a drawn cell, in inches, x rightwards and y downwards.

Nodes stand in columns by their depth. The label of an edge stands in a column of its
own before its node, as a vertex of the graph like any other, so that labels overlap
neither each other nor nodes nor foreign edges, whatever the cell.
"""

import functools
import itertools
from collections import defaultdict
from collections.abc import Hashable
from typing import NamedTuple

from matplotlib.textpath import TextPath

from darts_tf.report.cell_graph import OUTPUT, CellGraph
from darts_tf.report.figure_settings import font, own_settings
from darts_tf.report.layered_layout import Link, order_layers, place_layers

FONT = own_settings(font)(size=10)

_POINTS_PER_INCH = 72
_LABEL_HEIGHT = 0.26
_BEND_HEIGHT = 0.06
_STATE_HEIGHT = 0.46
_PORT_DISTANCE = 0.13
_PADDING = 0.09
_VERTICAL_GAP = 0.13
_NEARLY_LEVEL = 0.09


class Box(NamedTuple):
    """A box with text; `x` and `y` are its middle.

    Attributes:
        text: What stands in it.
        x, y, width, height: Place and size.
    """

    text: str
    x: float
    y: float
    width: float
    height: float


class Route(NamedTuple):
    """An edge as drawn.

    Attributes:
        primitive: Name of the primitive, or `None`.
        label: `Box` of the name on the edge, or `None`.
        points: Pairs `(x, y)` from source to target; the edge is level at each.
    """

    primitive: str | None
    label: Box | None
    points: tuple[tuple[float, float], ...]


class CellLayout(NamedTuple):
    """A cell, placed.

    Attributes:
        boxes: `Box` of each vertex of the graph.
        routes: A `Route` for each connection, in the graph's order.
        width, height: Size of the whole.
    """

    boxes: dict[Hashable, Box]
    routes: tuple[Route, ...]
    width: float
    height: float


class _Chain(NamedTuple):
    """An edge as a path through the layers: source, bends, label, target."""

    primitive: str | None
    vertices: tuple
    label: tuple | None


def lay_out(graph: CellGraph) -> CellLayout:
    """Places the states, labels and edges of a cell.

    Args:
        graph: The `CellGraph`.

    Returns:
        The `CellLayout`.
    """
    layer_of = _state_layers(graph)
    chains = _chains(graph, layer_of)
    layers = [[] for _ in range(layer_of[OUTPUT] + 1)]
    for state, layer in layer_of.items():
        layers[layer].append(state)
    for chain in chains:
        for layer, vertex in enumerate(chain.vertices, layer_of[chain.vertices[0]]):
            if vertex not in layer_of:
                layers[layer].append(vertex)
    links = [_link(*pair) for c in chains for pair in itertools.pairwise(c.vertices)]
    layers = order_layers(layers, links)
    if layers[0] == list(graph.inputs[::-1]):
        layers = [layer[::-1] for layer in layers]
    texts = graph.names | {c.label: c.primitive for c in chains if c.label}
    links, heights = _with_ports(layers, links, layer_of)
    middle = place_layers(layers, links, heights, _VERTICAL_GAP)
    columns = _columns(layers, texts, links, middle)
    box = functools.partial(_box, texts, columns, middle, heights)
    routes = []
    ports = {(link.tail, link.head): link for link in links}
    for chain in chains:
        points = _points(chain.vertices, ports, columns, middle)
        label = box(chain.label) if chain.label else None
        routes.append(Route(chain.primitive, label, points))
    bottom = max(middle[vertex] + heights[vertex] / 2 for vertex in middle)
    right = columns[OUTPUT][1]
    boxes = {state: box(state) for state in layer_of}
    return CellLayout(boxes, tuple(routes), right, bottom)


def _state_layers(graph):
    """The layer of each vertex; before one that a label leads to, a layer is free."""
    layer_of = {}
    for vertex in graph.names:
        layer_of[vertex] = max(
            (
                layer_of[connection.source] + (2 if connection.primitive else 1)
                for connection in graph.connections
                if connection.target == vertex
            ),
            default=0,
        )
    layer_of[OUTPUT] = max(layer for v, layer in layer_of.items() if v != OUTPUT) + 1
    return layer_of


def _chains(graph, layer_of):
    chains = []
    for number, (primitive, source, target) in enumerate(graph.connections):
        layers = range(layer_of[source] + 1, layer_of[target])
        between = [("bend", number, layer) for layer in layers]
        label = None
        if primitive is not None:
            label = between[-1] = ("label", number)
        chains.append(_Chain(primitive, (source, *between, target), label))
    return chains


def _is_bend(vertex):
    return isinstance(vertex, tuple) and vertex[0] == "bend"


def _link(tail, head):
    return Link(tail, head, weight=(1.0, 2.0, 60.0)[_is_bend(tail) + _is_bend(head)])


@functools.lru_cache(maxsize=512)
def _text_width(text):
    return TextPath((0, 0), text, prop=FONT).get_extents().width / _POINTS_PER_INCH


def _with_ports(layers, links, layer_of):
    """Spreads the links that meet at a state over its side.

    Returns:
        The links with their offsets, and the height of each vertex.
    """
    position = {vertex: i for layer in layers for i, vertex in enumerate(layer)}
    heights, offsets = {}, {}
    incoming, outgoing = defaultdict(list), defaultdict(list)
    for link in sorted(links, key=lambda link: position[link.tail]):
        incoming[link.head].append(link)
    for link in sorted(links, key=lambda link: position[link.head]):
        outgoing[link.tail].append(link)
    for vertex in position:
        sides = (incoming[vertex], outgoing[vertex])
        if vertex in layer_of:
            most = max(map(len, sides))
            heights[vertex] = max(_STATE_HEIGHT, _PORT_DISTANCE * (most - 1) + 0.22)
        else:
            heights[vertex] = _BEND_HEIGHT if _is_bend(vertex) else _LABEL_HEIGHT
        for name, side in zip(("head_offset", "tail_offset"), sides):
            for i, link in enumerate(side):
                offset = _PORT_DISTANCE * (i - (len(side) - 1) / 2)
                offsets.setdefault(link, {})[name] = offset
    return [link._replace(**offsets[link]) for link in links], heights


def _columns(layers, texts, links, middle):
    """The left and right of the column of each vertex."""
    rise = defaultdict(float)
    layer_of = {vertex: i for i, layer in enumerate(layers) for vertex in layer}
    for link in links:
        step = middle[link.head] - middle[link.tail]
        rise[layer_of[link.head]] = max(rise[layer_of[link.head]], abs(step))
    columns, left = {}, 0.0
    for i, layer in enumerate(layers):
        if i:
            left += min(max(0.4, 0.42 * rise[i]), 0.95)
        widths = [_text_width(texts[v]) + 2 * _PADDING for v in layer if v in texts]
        right = left + max(_STATE_HEIGHT, *widths)
        columns.update(dict.fromkeys(layer, (left, right)))
        left = right
    return columns


def _box(texts, columns, middle, heights, vertex):
    left, right = columns[vertex]
    width = _text_width(texts[vertex]) + 2 * _PADDING
    if not isinstance(vertex, tuple):
        width = max(width, _STATE_HEIGHT)
    center = (left + right) / 2
    return Box(texts[vertex], center, middle[vertex], width, heights[vertex])


def _points(vertices, ports, columns, middle):
    points = []
    for tail, head in itertools.pairwise(vertices):
        link = ports[tail, head]
        points.append((columns[tail][1], middle[tail] + link.tail_offset))
        points.append((columns[head][0], middle[head] + link.head_offset))
    return (points[0], *_straightened(points[1:-1]), points[-1])


def _straightened(points):
    """Drops the points within stretches that are nearly level."""
    kept = [points[0]] if points else []
    last, heights = None, [y for _, y in kept]
    for point in points[1:]:
        heights.append(point[1])
        if max(heights) - min(heights) > _NEARLY_LEVEL:
            kept.append(last or point)
            heights = [kept[-1][1], point[1]]
        last = point
    return kept + [last] * (last is not None and last != kept[-1])
