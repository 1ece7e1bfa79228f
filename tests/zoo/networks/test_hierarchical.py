import numpy as np
import pytest
import tensorflow as tf

from darts_tf.genotype.motifs_genotype import MotifsGenotype
from darts_tf.zoo.networks.hierarchical import HierarchicalNetwork, Motif


def test_a_graph_of_pools(float64):
    """1 = max of the input; 2 = merged average of 1 and input."""
    rng = np.random.default_rng(0)
    x = tf.constant(rng.normal(size=(2, 5, 4, 3)))
    last = [("avg_pool_3x3", 1), ("identity", 0), ("none", 0)]
    motif = Motif([[("max_pool_3x3", 0)], last], 3)
    motif.build(x.shape)
    largest = tf.nn.max_pool2d(x, 3, 1, "SAME")
    brought = tf.concat([tf.nn.avg_pool2d(largest, 3, 1, "SAME"), x], -1)
    assert motif.merges[0] is None
    expected = tf.nn.conv2d(brought, motif.merges[1].kernel, 1, "SAME")
    np.testing.assert_allclose(motif(x), expected / np.sqrt(1 + 1e-5), rtol=1e-9)


def test_nothing_is_brought_by_none(float64):
    motif = Motif([[("none", 0)]], 2)
    x = tf.ones((1, 3, 3, 2), tf.float64)
    motif.build(x.shape)
    np.testing.assert_array_equal(motif(x), tf.zeros_like(x))


def test_motifs_are_graphs_within(float64):
    motifs = {"twice": [[("conv_1x1_relu", 0)], [("conv_1x1_relu", 1)]]}
    motifs["thrice"] = [[("twice", 0)], [("conv_1x1_relu", 1)]]
    outer = Motif([[("thrice", 0)], [("twice", 1)]], 2, motifs)
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
    network = HierarchicalNetwork(3, 2, stage_cells=1)
    assert network.genotype == MotifsGenotype.published("hierarchical")
    names = [layer.name for layer in network.body]
    assert names[1:3] == ["cell_0", "after_cell_0"] and len(names) == 7
    assert [network.body[i].stride for i in (2, 4, 6)] == [2, 2, 1]
    assert network.halvings == 2
    other = HierarchicalNetwork.from_config(network.get_config())
    assert other.genotype == network.genotype


@pytest.mark.parametrize(
    "nodes, motifs",
    [
        ([], {}),
        ([[("none_such", 0)]], {}),
        ([[("identity", 1)]], {}),
        ([[("own", 0)]], {"own": [[("own", 0)]]}),
        ([[("a", 0)]], {"a": [[("b", 0)]], "b": [[("identity", 0)]]}),
    ],
)
def test_malformed_graphs(nodes, motifs):
    with pytest.raises(ValueError, match=r"nodes|outputs|source"):
        Motif(nodes, 2, motifs)
