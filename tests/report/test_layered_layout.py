import itertools

import pytest

from darts_tf.report.layered_layout import (
    Link,
    isotonic_regression,
    num_crossings,
    order_layers,
    place_layers,
)


def test_crossings_are_counted():
    layers = [["a", "b"], ["c", "d"]]
    links = [Link("a", "d"), Link("b", "c"), Link("a", "c")]
    assert num_crossings(layers, links) == 1


def test_avoidable_crossings_are_avoided():
    layers = [["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]]
    pairs = ["af", "be", "cd", "fg", "ei", "dh"]
    links = [Link(*pair) for pair in pairs]
    ordered = order_layers(layers, links)
    assert num_crossings(ordered, links) == 0
    assert [sorted(layer) for layer in ordered] == layers


def test_order_is_reproducible():
    layers = [list(range(5)), list(range(5, 12))]
    links = [Link(a, b) for a in range(5) for b in range(5, 12) if (a * b) % 3]
    assert order_layers(layers, links) == order_layers(layers, links)


@pytest.mark.parametrize(
    "targets, weights, expected",
    [
        ([1, 2, 3], [1, 1, 1], [1, 2, 3]),
        ([3, 1], [1, 1], [2, 2]),
        ([3, 0], [2, 1], [2, 2]),
        ([1, 5, 3, 2, 6], [1, 1, 1, 2, 1], [1, 3, 3, 3, 6]),
        ([], [], []),
    ],
)
def test_isotonic_regression(targets, weights, expected):
    assert isotonic_regression(targets, weights) == pytest.approx(expected)


def test_placed_vertices_keep_order_and_distance():
    layers = [["a"], ["b", "c", "d"], ["e"]]
    links = [Link("a", v) for v in "bcd"] + [Link(v, "e") for v in "bcd"]
    heights = dict(zip("abcde", (1, 0.5, 2, 0.5, 1)))
    middle = place_layers(layers, links, heights, gap=0.25)
    for upper, lower in itertools.pairwise(layers[1]):
        least = (heights[upper] + heights[lower]) / 2 + 0.25
        assert middle[lower] - middle[upper] >= least - 1e-9
    assert min(middle[v] - heights[v] / 2 for v in middle) == pytest.approx(0)
    assert middle["a"] == pytest.approx(middle["c"]) == pytest.approx(middle["e"])


def test_offsets_are_brought_to_one_height():
    links = [Link("a", "b", tail_offset=0.5, head_offset=-0.25)]
    middle = place_layers([["a"], ["b"]], links, {"a": 1, "b": 1}, gap=0.1)
    assert middle["a"] + 0.5 == pytest.approx(middle["b"] - 0.25)
