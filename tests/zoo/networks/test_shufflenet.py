import numpy as np
import pytest
import tensorflow as tf

from darts_tf.zoo.networks.shufflenet import ShuffleNet, ShuffleUnit, shuffled


def test_each_group_follows_on_another_one():
    x = tf.reshape(tf.range(12.0), (1, 1, 2, 6))
    expected = [[[[0, 2, 4, 1, 3, 5], [6, 8, 10, 7, 9, 11]]]]
    np.testing.assert_array_equal(shuffled(x, 3), expected)
    np.testing.assert_array_equal(shuffled(shuffled(x, 3), 2), x)
    assert shuffled(x, 1) is x


def test_the_shortcut(float64):
    """Where the last normalization gives nothing, the shortcut alone is left."""
    rng = np.random.default_rng(0)
    x = tf.constant(rng.normal(size=(2, 5, 5, 8)))
    for stride, filters in ((1, 8), (2, 16)):
        unit = ShuffleUnit(filters, 8, stride, groups=2, grouped_first=stride == 1)
        unit.build(x.shape)
        unit.convolutions[-1].normalization.scale.assign(tf.zeros(8))
        y = unit(x)
        assert y.shape == unit.compute_output_shape(x.shape)
        pooled = x if stride == 1 else tf.nn.avg_pool2d(x, 3, 2, "SAME")
        np.testing.assert_allclose(y[..., :8], tf.nn.relu(pooled), rtol=1e-12)
        np.testing.assert_array_equal(y[..., 8:], 0)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((6, 6), "filters"),
        ((8, 4, 1), "input_filters"),
        ((8, 8, 2), "input_filters"),
    ],
)
def test_channels_that_do_not_fit(arguments, message):
    with pytest.raises(ValueError, match=message):
        ShuffleUnit(*arguments, groups=1)


@pytest.mark.parametrize(
    "arguments, name",
    [
        ({"units": ()}, "units"),
        ({"groups": 0}, "groups"),
        ({"groups": 7}, "filters"),
        # The stem would have no channel.
        ({"init_channels": 8, "groups": 1}, "init_channels"),
    ],
)
def test_sizes_that_cannot_be(arguments, name):
    with pytest.raises(ValueError, match=f"`{name}`"):
        ShuffleNet(**arguments)
