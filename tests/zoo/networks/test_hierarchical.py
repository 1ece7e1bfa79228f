import numpy as np
import pytest
import tensorflow as tf

from darts_tf.zoo.networks.hierarchical import (
    CELL,
    MOTIFS,
    HierarchicalNetwork,
    Motif,
)


def test_a_graph_of_pools(float64):
    """2 = max of 1; 3 = merged average of 2 and input."""
    rng = np.random.default_rng(0)
    x = tf.constant(rng.normal(size=(2, 5, 4, 3)))
    graph = ((1, 2, "max_pool_3x3"), (2, 3, "avg_pool_3x3"), (1, 3, "identity"))
    motif = Motif(graph, 3)
    motif.build(x.shape)
    largest = tf.nn.max_pool2d(x, 3, 1, "SAME")
    brought = tf.concat([tf.nn.avg_pool2d(largest, 3, 1, "SAME"), x], -1)
    assert motif.merges[0] is None
    expected = tf.nn.conv2d(brought, motif.merges[1].kernel, 1, "SAME")
    np.testing.assert_allclose(motif(x), expected / np.sqrt(1 + 1e-5), rtol=1e-9)


def test_motifs_are_graphs_within(float64):
    motifs = {"twice": ((1, 2, "conv_1x1"), (2, 3, "conv_1x1"))}
    motifs["thrice"] = ((1, 2, "twice"), (2, 3, "conv_1x1"))
    outer = Motif(((1, 2, "thrice"), (2, 3, "twice")), 2, motifs)
    outer.build((None, 3, 3, 2))
    kernels = [v for v in outer.trainable_variables if v.path.endswith("kernel")]
    assert len(kernels) == 5 and len(outer.trainable_variables) == 15
    x = tf.random.stateless_normal((1, 3, 3, 2), (0, 1), dtype=tf.float64)
    expected = x
    for kernel in kernels:
        expected = tf.nn.relu(tf.nn.conv2d(expected, kernel, 1, "SAME"))
        expected /= np.sqrt(1 + 1e-5)
    np.testing.assert_allclose(outer(x), expected, rtol=1e-9, atol=1e-15)


def test_the_published_cell():
    assert len(CELL) == 10 and len(MOTIFS) == 5
    network = HierarchicalNetwork(3, 2, stage_cells=1)
    names = [layer.name for layer in network.body]
    assert names[1:3] == ["cell_0", "after_cell_0"] and len(names) == 7
    assert [network.body[i].stride for i in (2, 4, 6)] == [2, 2, 1]
    assert network.halvings == 2


@pytest.mark.parametrize(
    "graph, motifs",
    [
        ((), {}),
        (((1, 2, "none_such"),), {}),
        (((2, 1, "identity"),), {}),
        (((1, 3, "identity"),), {}),
        (((0, 2, "identity"),), {}),
        (((1, 2, "own"),), {"own": ((1, 2, "own"),)}),
        (((1, 2, "a"),), {"a": ((1, 2, "b"),), "b": ((1, 2, "identity"),)}),
        (((1, 99, "identity"),), {}),
    ],
)
def test_malformed_graphs(graph, motifs):
    with pytest.raises(ValueError, match="graph"):
        Motif(graph, 2, motifs)
