import itertools
import random
import xml.etree.ElementTree

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from darts_tf.genotype.cell import Cell
from darts_tf.genotype.cells_genotype import CellsGenotype, ImageGenotype
from darts_tf.genotype.convolutional_genotype import PUBLISHED
from darts_tf.genotype.recurrent_genotype import PUBLISHED_RECURRENT, RecurrentGenotype
from darts_tf.report.cell_drawing import (
    draw_cell,
    draw_genotype,
    save_cell,
)
from darts_tf.report.cell_graph import OUTPUT, cell_graph
from darts_tf.report.cell_layout import lay_out
from tests.experiments.synthetic_run import PRIMITIVES


def _random_cell(seed):
    choose = random.Random(seed)
    num_nodes = 1 + seed % 8
    names = [*PRIMITIVES[1:], "conv_7x1_1x7", "a_primitive_with_a_long_name_11x11"]
    nodes = [
        [
            (choose.choice(names), choose.randrange(state))
            for _ in range(choose.randint(1, 3))
        ]
        for state in range(2, num_nodes + 2)
    ]
    states = range(2, num_nodes + 2)
    return Cell.from_lists(nodes, choose.sample(states, choose.randint(1, num_nodes)))


CELLS = {
    f"{name}-{kind}": cell
    for name, genotype in ImageGenotype.published_by_name().items()
    for kind, cell in genotype.cells.items()
} | {f"random-{seed}": _random_cell(seed) for seed in range(20)}


def _random_recurrent(seed):
    choose = random.Random(seed)
    names = ["tanh", "relu", "sigmoid", "identity", "an_activation_with_a_long_name"]
    nodes = [(choose.choice(names), choose.randint(0, node)) for node in range(8)]
    mean = choose.sample(range(1, 9), choose.choice([1, 5, 8]))
    return RecurrentGenotype.from_lists(nodes, mean)


RECURRENT = {f"recurrent-{name}": g for name, g in PUBLISHED_RECURRENT.items()}
RECURRENT |= {f"recurrent-{seed}": _random_recurrent(seed) for seed in range(8)}
RECURRENT["recurrent-chain"] = RecurrentGenotype.from_lists(
    [("tanh", node) for node in range(8)], range(1, 9)
)
RECURRENT = {name: genotype.cells["recurrent"] for name, genotype in RECURRENT.items()}
ALL_CELLS = CELLS | RECURRENT


def _kind(cell):
    return "normal" if cell.output_rule == "concat" else "recurrent"


def _text_boxes(figure):
    """The corners of all texts and labels in pixels, by the renderer itself."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    texts = [*figure.axes[0].texts, *figure.texts, *figure.legends[0].get_texts()]
    return [text.get_window_extent(renderer) for text in texts]


@pytest.mark.parametrize("cell", ALL_CELLS.values(), ids=ALL_CELLS)
def test_texts_do_not_overlap_and_lie_inside(cell):
    figure = draw_cell(cell, "a title", _kind(cell))
    boxes = _text_boxes(figure)
    for first, second in itertools.combinations(boxes, 2):
        assert not first.overlaps(second)
    for box in boxes:
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1


@pytest.mark.parametrize("cell", ALL_CELLS.values(), ids=ALL_CELLS)
def test_boxes_do_not_overlap_and_routes_pass_between(cell):
    layout = lay_out(cell_graph(cell, _kind(cell)))
    labels = [route.label for route in layout.routes if route.label]
    boxes = [*labels, *layout.boxes.values()]
    for a, b in itertools.combinations(boxes, 2):
        apart_x = abs(a.x - b.x) >= (a.width + b.width) / 2
        apart_y = abs(a.y - b.y) >= (a.height + b.height) / 2
        assert apart_x or apart_y
    for route in layout.routes:
        for x, y in _curve(route.points):
            for box in boxes:
                inside_x = abs(x - box.x) < box.width / 2 - 1e-6
                inside_y = abs(y - box.y) < box.height / 2
                assert box is route.label or not (inside_x and inside_y)


def _curve(points):
    """Points along the S-curves that are drawn from each point to the next."""
    t = np.linspace(0, 1, 30)
    for (x, y), (next_x, next_y) in itertools.pairwise(points):
        along = 1.5 * t * (1 - t) ** 2 + 1.5 * t**2 * (1 - t) + t**3
        up = 3 * t**2 * (1 - t) + t**3
        yield from zip(x + (next_x - x) * along, y + (next_y - y) * up)


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_every_edge_is_drawn_from_left_to_right(cell):
    layout = lay_out(cell_graph(cell, "normal"))
    edges = cell.edges
    names = [route.primitive for route in layout.routes]
    assert names == [e.primitive for e in edges] + [None] * len(cell.outputs)
    for route in layout.routes:
        xs = [x for x, _ in route.points]
        assert xs == sorted(xs)
    for edge, route in zip(edges, layout.routes):
        source = layout.boxes[edge.source]
        assert source.x < route.label.x
        assert abs(route.points[0][1] - source.y) < source.height / 2
        assert route.label.text == edge.primitive
    assert layout.boxes[0].y < layout.boxes[1].y
    assert layout.boxes[OUTPUT].x == max(box.x for box in layout.boxes.values())


@pytest.mark.parametrize("cell", RECURRENT.values(), ids=RECURRENT)
def test_every_activation_is_drawn(cell):
    graph = cell_graph(cell, "recurrent")
    layout = lay_out(graph)
    labels = [route.label and route.label.text for route in layout.routes]
    activations = [edge.primitive for edge in cell.edges]
    assert labels == [None, None, *activations, *[None] * len(cell.outputs)]
    for connection, route in zip(graph.connections, layout.routes, strict=True):
        source, target = (layout.boxes[vertex] for vertex in connection[1:])
        assert source.x < route.points[0][0] < route.points[-1][0] < target.x
        assert abs(route.points[0][1] - source.y) < source.height / 2
        assert abs(route.points[-1][1] - target.y) < target.height / 2
    assert layout.boxes["x"].y < layout.boxes["h"].y
    assert graph.left_out == set(range(1, len(cell.nodes) + 1)) - set(cell.outputs)


def test_all_cells_of_a_genotype_are_drawn():
    assert list(draw_genotype(PUBLISHED["DARTS_V1"])) == [
        "Normal cell",
        "Reduction cell",
    ]
    drawn = draw_genotype(PUBLISHED_RECURRENT["ENAS"], "epoch 3")
    assert list(drawn) == ["Recurrent cell, epoch 3"]
    cell = Cell.from_lists([[("none", 0)]], [1], num_inputs=1)
    assert list(draw_genotype(CellsGenotype((("only", cell),)))) == ["Only cell"]


def test_inputs_in_the_output_and_missing_nodes():
    cell = Cell.from_lists([[], [("skip_connect", 1)], [("none", 3)]], [0, 4])
    graph = cell_graph(cell, "normal")
    names = ["$c_{k-2}$", "$c_{k-1}$", "1", "2", "$c_{k}$"]
    assert list(graph.names.values()) == names
    assert graph.left_out == {3}
    to_output = [c.source for c in graph.connections if c.target == OUTPUT]
    assert to_output == [0, 4]
    layout = lay_out(graph)
    assert layout.boxes[OUTPUT].x == max(box.x for box in layout.boxes.values())


@pytest.mark.parametrize(("num_inputs", "names"), [(1, ["1"]), (3, ["3", "2", "1"])])
def test_names_of_any_number_of_inputs(num_inputs, names):
    cell = Cell.from_lists([[("none", 0)]], [num_inputs], num_inputs, "mean")
    graph = cell_graph(cell, "only")
    expected = [*(f"$c_{{k-{name}}}$" for name in names), "0", "$c_{k}$"]
    assert list(graph.names.values()) == expected
    assert graph.output_rule == "mean"


def test_parallel_edges_are_both_visible():
    cell = Cell.from_lists([[("skip_connect", 0), ("skip_connect", 0)]], [2])
    first, second, _ = lay_out(cell_graph(cell, "normal")).routes
    assert first.label.y != second.label.y
    assert first.points != second.points


def test_nodes_outside_the_output_are_dashed():
    cell = PUBLISHED["AmoebaNet-A"].normal
    axes = draw_cell(cell, "").axes[0]
    frames = [p for p in axes.patches if "FancyBbox" in type(p).__name__]
    dashed = sum(frame.get_linestyle() == "--" for frame in frames)
    dashed += sum(isinstance(frame.get_linestyle(), tuple) for frame in frames)
    assert dashed == len(cell.nodes) - len(cell.outputs)


def test_files_are_written_whole_and_reproducibly(tmp_path):
    cell = PUBLISHED["DARTS_V2"].normal
    svg, png = save_cell(cell, "normal <cell> & $x", tmp_path / "a.b" / "best_normal")
    assert (svg.name, png.name) == ("best_normal.svg", "best_normal.png")
    assert sorted(svg.parent.iterdir()) == [png, svg]
    assert xml.etree.ElementTree.parse(svg).getroot().tag.endswith("svg")
    assert png.read_bytes().startswith(b"\x89PNG")
    (recurrent,) = PUBLISHED_RECURRENT["DARTS_V2"].cells.values()
    stem = tmp_path / "latest_recurrent"
    for path in save_cell(recurrent, "cell", stem, "recurrent"):
        assert path.read_bytes()
    again = save_cell(cell, "normal <cell> & $x", tmp_path / "again")
    assert [path.read_bytes() for path in again] == [svg.read_bytes(), png.read_bytes()]


def test_global_settings_are_left_alone(tmp_path):
    before = dict(matplotlib.rcParams)
    save_cell(PUBLISHED["DARTS_V1"].reduce, "title", tmp_path / "cell")
    assert dict(matplotlib.rcParams) == before
