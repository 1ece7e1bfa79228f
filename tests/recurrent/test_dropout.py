"""Dropout masks: shapes, rate, scale, and what makes two of them equal."""

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.recurrent.dropout import DropoutRates, draw_masks

RATES = DropoutRates(0.1, 0.2, 0.75, 0.25, 0.5)
SHAPES = {
    "words": (3000, 1),
    "embedded": (40, 1, 60),
    "inputs": (40, 60),
    "hidden": (40, 60),
    "outputs": (40, 1, 60),
}


def draw(rates=RATES, seed=(1, 2)):
    masks = draw_masks(rates, tf.constant(seed), 40, 60, 3000, tf.float64)
    return {name: mask.numpy() for name, mask in masks.items()}


@pytest.mark.parametrize("name", SHAPES)
def test_rate_and_scale(name):
    rate, mask = getattr(RATES, name), draw()[name]
    assert mask.shape == SHAPES[name]
    np.testing.assert_array_equal(np.unique(mask), [0, 1 / (1 - rate)])
    deviation = np.sqrt(rate * (1 - rate) / mask.size)
    assert abs(np.mean(mask == 0) - rate) < 4 * deviation


def test_seed_decides():
    first, same, other = draw(), draw(), draw(seed=(1, 3))
    for name, mask in first.items():
        np.testing.assert_array_equal(mask, same[name])
        assert (mask != other[name]).any()


def test_masks_of_a_draw_are_independent():
    masks = draw(DropoutRates(0, 0.5, 0.5, 0.5, 0.5))
    flat = [(mask > 0).ravel() for mask in masks.values()]
    for index, first in enumerate(flat):
        for second in flat[:index]:
            assert abs(np.mean(first == second) - 0.5) < 0.05


def test_no_mask_without_a_rate_and_none_moves_another():
    assert draw(DropoutRates()) == {}
    alone = draw(DropoutRates(hidden=0.25))
    assert list(alone) == ["hidden"]
    np.testing.assert_array_equal(alone["hidden"], draw()["hidden"])


@pytest.mark.parametrize("rate", [-0.1, 1, float("nan"), "0.5", None])
def test_invalid_rate(rate):
    with pytest.raises(ValueError, match=r"`hidden`, expected a rate in \[0, 1\)"):
        DropoutRates(hidden=rate)
