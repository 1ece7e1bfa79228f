"""The expected cost of the derived network, its forms and its multiplier."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.edges import PartialChannels
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.method.architecture import Architecture
from darts_tf.method.architecture_cost import (
    ArchitectureCost,
    costs_in_graph,
    expected_cost,
    mixture_cost,
)
from darts_tf.method.decisions import Pruning
from darts_tf.method.methods import DARTS
from darts_tf.method.relaxations import Sigmoid
from darts_tf.method.sampled_relaxations import GumbelSoftmax
from darts_tf.method.selections import AboveThreshold, StrongestPairs
from darts_tf.method.slots import Progress
from darts_tf.methods import preset_names
from darts_tf.spaces.registry import get_space
from tests.costs.toy_costs import toy_costs

DARTS_NAMES = ("none", "skip_connect", "max_pool_3x3", "sep_conv_3x3")
METHODS = {
    "darts": ("darts", {}),
    "all edges": ("nasbench201", {}),
    "nodes that no other reads": ("amoebanet", {}),
    "pairs": ("darts", {"selection": StrongestPairs()}),
    "threshold": (
        "darts",
        {"relaxation": Sigmoid(), "selection": AboveThreshold(0.7)},
    ),
    "weights of edges": ("darts", {"edge": PartialChannels(1)}),
}


def make_architecture(name, seed=0, **parts):
    """An architecture of two nodes in float64, with alpha far from 0."""
    space = get_space(name)
    names = DARTS_NAMES if space.takes_primitives else None
    layer = keras.layers.Layer(dtype="float64")
    method = dataclasses.replace(DARTS, **parts)
    space = space.search_space(2, names)
    architecture = Architecture(space, method, layer.add_weight)
    rng = np.random.default_rng(seed)
    for variable in architecture.variables:
        variable.assign(2 * rng.normal(size=variable.shape))
    return architecture


def values_of(architecture):
    return [tf.convert_to_tensor(variable) for variable in architecture.variables]


def by_edge(architecture, costs):
    return costs.by_edge(architecture.space, architecture.genotype())


@pytest.mark.parametrize(("name", "parts"), METHODS.values(), ids=METHODS)
def test_its_limit_is_the_cost_of_the_derived_network(name, parts):
    costs, architecture = toy_costs(name), make_architecture(name, **parts)
    expected = expected_cost(
        architecture, values_of(architecture), by_edge(architecture, costs), 1e-5
    )
    derived = costs.of(architecture.genotype())
    assert float(expected) == pytest.approx(derived, rel=1e-9)


def test_a_decided_alpha_costs_what_the_derived_network_costs():
    costs, architecture = toy_costs("darts"), make_architecture("darts")
    for cell, alpha in zip(architecture.space.cells, architecture.variables):
        decided = np.zeros(cell.alpha_shape)
        decided[:, 0] = 100  # none
        for node in range(cell.num_nodes):
            for source, column in ((0, 3), (node + 1, 1)):
                decided[cell.row(node, source), column] = 200
        alpha.assign(decided)
    values, of_edges = values_of(architecture), by_edge(architecture, costs)
    derived = costs.of(architecture.genotype())
    expected = expected_cost(architecture, values, of_edges, 0.05)
    assert float(expected) == pytest.approx(derived, rel=1e-6)
    # Edges that are not kept have `none`, which costs something in the toy.
    others = [row for row in range(5) if row not in (0, 1, 2, 4)]
    unkept = sum(
        of_edges.operations[kind][others, 0].sum() for kind in of_edges.operations
    )
    assert float(mixture_cost(architecture, values, of_edges)) == pytest.approx(
        derived + unkept
    )


@pytest.mark.parametrize(("name", "parts"), METHODS.values(), ids=METHODS)
def test_gradient_is_that_of_finite_differences(name, parts):
    costs, architecture = toy_costs(name), make_architecture(name, 1, **parts)
    values, of_edges = values_of(architecture), by_edge(architecture, costs)
    rng = np.random.default_rng(2)
    directions = [rng.normal(size=x.shape) for x in values]
    with tf.GradientTape() as tape:
        tape.watch(values)
        expected = expected_cost(architecture, values, of_edges, 0.2)
    gradient = tape.gradient(expected, values, unconnected_gradients="zero")
    along = sum(np.sum(g * d) for g, d in zip(gradient, directions))
    step = 1e-5
    high, low = (
        expected_cost(
            architecture,
            [x + sign * step * d for x, d in zip(values, directions)],
            of_edges,
            0.2,
        )
        for sign in (1, -1)
    )
    assert abs(along) > 1
    assert along == pytest.approx(float(high - low) / (2 * step), rel=1e-6)


@pytest.mark.parametrize("name", preset_names("convolutional"))
def test_strengths_with_a_gradient_are_those_of_the_derivation(name):
    config = SearchConfig(method=name)
    layer = keras.layers.Layer(dtype="float64")
    method = config.search_method()
    architecture = Architecture(config.search_space(), method, layer.add_weight)
    rng = np.random.default_rng(4)
    for variable in architecture.variables:
        variable.assign(rng.normal(size=variable.shape))
    soft = architecture.soft_strengths(values_of(architecture))
    for kind, strengths in architecture.strengths().items():
        np.testing.assert_allclose(soft[kind], strengths, rtol=1e-12)


def test_a_sample_costs_what_was_drawn():
    parts = {"relaxation": GumbelSoftmax(hard=True), "selection": StrongestPairs()}
    costs, architecture = toy_costs("darts"), make_architecture("darts", **parts)
    values, of_edges = values_of(architecture), by_edge(architecture, costs)
    progress = Progress(tf.constant(0), tf.constant(0, tf.int64))
    drawn = architecture.draw(tf.constant([1, 2], tf.int64), progress)
    sample = architecture.coefficients(values, drawn)
    total = of_edges.fixed
    strengths = architecture.soft_strengths(values)
    for cell in architecture.space.cells:
        kept = architecture.method.selection.kept(cell, strengths[cell.kind], 0.1)
        chosen = sample[cell.kind]["operations"].numpy().argmax(axis=1)
        costs_of_rows = of_edges.operations[cell.kind][range(5), chosen]
        total += np.sum(kept.numpy().sum(axis=1) * costs_of_rows)
    found = expected_cost(architecture, values, of_edges, 0.1, drawn)
    assert float(found) == pytest.approx(total, rel=1e-12)


def test_operations_that_have_left_are_in_no_strength():
    architecture = make_architecture("nasbench201")
    space = architecture.space
    cells = (
        dataclasses.replace(c, keeps_none=False, operations=c.operations[1:])
        for c in space.cells
    )
    space = dataclasses.replace(space, cells=tuple(cells))
    method = dataclasses.replace(DARTS, decisions=Pruning())
    layer = keras.layers.Layer(dtype="float64")
    architecture = Architecture(space, method, layer.add_weight)
    left = np.ones(space.cells[0].alpha_shape)
    left[0, 1:] = 0
    architecture.left["nasbench201"].assign(left)
    soft = architecture.soft_strengths(values_of(architecture))["nasbench201"]
    np.testing.assert_allclose(soft, architecture.strengths()["nasbench201"])
    costs = toy_costs("nasbench201")
    found = costs_in_graph(architecture, costs, values_of(architecture))
    assert float(found.derived) == costs.of(architecture.genotype())


def test_xla_does_not_derive_genotypes():
    """Which is why `jit_compile` and a target are refused together."""
    costs, architecture = toy_costs("nasbench201"), make_architecture("nasbench201")

    @tf.function(jit_compile=True)
    def derived(values):
        return costs_in_graph(architecture, costs, values).derived

    with pytest.raises(tf.errors.OpError, match="PyFunc"):
        derived(values_of(architecture))


@pytest.mark.parametrize(
    ("form", "x", "expected"),
    [
        ("absolute", 1.5, (1.5, 3.0)),
        ("absolute", 0.5, (1.5, -3.0)),
        ("positive", 1.5, (1.5, 3.0)),
        ("positive", 0.5, (0.0, 0.0)),
        ("linear", 0.5, (-1.5, 3.0)),
        ("log", 0.5, (3 * np.log(0.5), 6.0)),
    ],
)
def test_forms(form, x, expected):
    cost = ArchitectureCost(toy_costs("darts"), 10, form, weight=3.0)
    x = tf.constant(x, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = cost.term(x)
    found = (float(value), float(tape.gradient(value, x)))
    assert found == pytest.approx(expected)


def test_malformed_arguments():
    costs = toy_costs("darts")
    for arguments in (
        {"form": "square"},
        {"target": 0},
        {"temperature": 0.0},
        {"within": True},
    ):
        (name,) = arguments
        with pytest.raises(ValueError, match=name):
            ArchitectureCost(costs, **arguments)
