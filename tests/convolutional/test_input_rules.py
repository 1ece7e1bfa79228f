"""The layers through which cells take what they read."""

import pytest

from darts_tf.convolutional.input_rules import CellInput, darts_layers, input_layers

ONE, TWO = ("pointwise",), ("pointwise", "pointwise")
HALVED, NONE = ("reduction",), ()


@pytest.mark.parametrize(
    ("rule", "channels", "of_others", "of_last"),
    [
        # Of an input twice as large, one with other channels, and one with the same.
        ("preprocess", 8, (HALVED, ONE, ONE), ONE),
        ("identity", 8, (NONE, NONE, NONE), NONE),
        ("nasnet", 8, (HALVED, ONE, NONE), ONE),
        ("enas", 8, (HALVED, ONE, NONE), ONE),
        # The last one has other channels, too.
        ("preprocess", 4, (HALVED, ONE, ONE), ONE),
        ("nasnet", 4, (HALVED, ONE, ONE), ONE),
        ("enas", 4, (HALVED, ONE, ONE), TWO),
    ],
)
def test_layers_of_each_rule(rule, channels, of_others, of_last):
    others = [CellInput(0, 8, True), CellInput(0, 6, False), CellInput(0, 8, False)]
    last = CellInput(1, 8, False)
    for other, layers in zip(others, of_others):
        assert input_layers(rule, [other, last], channels) == (layers, of_last)
    assert input_layers(rule, [last], channels) == (of_last,)


def test_an_output_that_is_read_twice():
    stem = CellInput(-1, 24, False)
    assert input_layers("preprocess", [stem, stem], 8) == (ONE, ONE)
    assert input_layers("nasnet", [stem, stem], 8) == (NONE, ONE)
    assert input_layers("enas", [stem, stem], 8) == (ONE, TWO)


def test_layers_of_darts():
    assert darts_layers(2, reduction_before=False) == (ONE, ONE)
    assert darts_layers(2, reduction_before=True) == (HALVED, ONE)
    assert darts_layers(1, reduction_before=True) == (ONE,)
    assert darts_layers(2, False, preprocessed=False) == (NONE, NONE)
