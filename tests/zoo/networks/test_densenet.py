import numpy as np
import pytest
import tensorflow as tf

from darts_tf.zoo.networks.densenet import DenseBlock, DenseNet


def test_a_bottleneck_reads_all_before_it(float64):
    rng = np.random.default_rng(0)
    x = tf.constant(rng.normal(size=(2, 4, 5, 3)))
    block = DenseBlock(2, 4)
    block.build(x.shape)
    y = block(x)
    assert y.shape == block.compute_output_shape(x.shape) == (2, 4, 5, 11)
    expected, factor = x, 1 / np.sqrt(1 + 1e-5)
    for narrow, wide in block.units:
        inner = tf.nn.relu(expected * factor)
        inner = tf.nn.conv2d(inner, narrow.kernel, 1, "SAME")
        inner = tf.nn.conv2d(tf.nn.relu(inner * factor), wide.kernel, 1, "SAME")
        assert narrow.kernel.shape[:2] == (1, 1) and narrow.filters == 16
        expected = tf.concat([expected, inner], -1)
    np.testing.assert_allclose(y, expected, rtol=1e-9, atol=1e-12)


def test_channels_of_the_blocks():
    network = DenseNet(3, depth=16, growth=4)
    network.build((None, 8, 8, 1))
    # Two bottlenecks in each block; transitions halve 16 and 16.
    shapes = [network.body[0].compute_output_shape((1, 8, 8, 1))]
    for layer in network.body[1:]:
        shapes.append(layer.compute_output_shape(shapes[-1]))
    sizes = [(height, channels) for _, height, _, channels in shapes]
    first = [(8, 8), (8, 16), (8, 8)]
    assert sizes == [*first, (4, 8), (4, 16), (4, 8), (2, 8), (2, 16), (2, 16)]


@pytest.mark.parametrize("depth", [9, 17, 4, 100_000])
def test_depths_that_cannot_be(depth):
    with pytest.raises(ValueError, match="depth"):
        DenseNet(depth=depth)
