"""Searches that follow a target for the cost of the derived network."""

import functools
import itertools
import types

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.distribution.replicas import Replicas
from darts_tf.method.architecture import Architecture
from darts_tf.method.architecture_cost import (
    LAGRANGIAN,
    LINEAR,
    ArchitectureCost,
    expected_cost,
)
from darts_tf.method.methods import DARTS
from darts_tf.method.search.architecture_search import ArchitectureSearch
from darts_tf.method.search.costed_search import CostedSearch
from darts_tf.optimization.optimizers import CoupledAdam
from darts_tf.spaces.registry import get_space
from tests.costs.toy_costs import toy_costs
from tests.long_cases import with_long
from tests.method.method_checks import ORDERS, make_model, step_batches

STEPS = 300
# Of the loss, by what an edge brings at most.
_GAIN = 0.03
# Where targets lie between the cheapest genotype and what a free search finds.
SHARES = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95]


class ToySearch(CostedSearch):
    """A search whose validation loss is a sum over the strengths of operations.

    What an operation brings is the root of what it costs, times a factor of its edge:
    the more an edge costs already, the less a dearer operation brings.

    Args:
        num_nodes: Number of nodes, each of which keeps all edges.
        target, form, weight, steps, within: See `ArchitectureCost`.
    """

    _apply_architecture = ArchitectureSearch._apply_architecture
    arch_gradient_clip = None

    def __init__(
        self,
        num_nodes,
        target=None,
        form=LAGRANGIAN,
        weight=1.0,
        steps=STEPS,
        within=False,
    ):
        space = get_space("nasbench201").search_space(num_nodes, None)
        layer = keras.layers.Layer(dtype="float64")
        architecture = Architecture(space, DARTS, layer.add_weight)
        rng = np.random.default_rng(3)
        for variable in architecture.variables:
            variable.assign(1e-3 * rng.normal(size=variable.shape))
        self.network = types.SimpleNamespace(
            architecture=architecture, alphas=architecture.variables
        )
        costs = toy_costs("nasbench201")
        self.costs = costs.by_edge(space, architecture.genotype())
        (table,) = self.costs.operations.values()
        factors = rng.uniform(0.3, 1, (len(table), 1))
        self.brings = factors * np.sqrt((table - table.min()) / np.ptp(table))
        self.replicas = Replicas()
        self._set_cost(
            ArchitectureCost(costs, target, form, weight, steps=steps, within=within)
        )
        self.architecture_optimizer = CoupledAdam(0.01, beta_1=0.5)
        self.architecture_optimizer.build(architecture.variables)
        self.step = tf.function(self._step, autograph=False)

    def run(self):
        for _ in range(self.cost.steps):
            self.step()
        return self

    @property
    def derived(self):
        return self.cost.costs.of(self.network.architecture.genotype())

    def _drawn(self, role):
        return None

    def _values(self):
        return [], [tf.convert_to_tensor(x) for x in self.network.alphas]

    def _step(self):
        _, alpha = self._values()
        with tf.GradientTape() as tape:
            tape.watch(alpha)
            (strengths,) = self.network.architecture.soft_strengths(alpha).values()
            loss = -_GAIN * tf.reduce_sum(strengths * self.brings)
            of_cost = self._cost_value(alpha, 0)
            loss += 0 if of_cost is None else of_cost
        gradients = types.SimpleNamespace(alpha=tape.gradient(loss, alpha))
        self._apply_architecture(gradients)
        return of_cost


class Enumeration:
    """All genotypes of a toy.

    Attributes:
        costs: The costs that there are, from the least on.
        reached: Those of the genotypes that have the least of loss and cost together
            for some weight of the cost.
    """

    def __init__(self, num_nodes):
        toy = ToySearch(num_nodes)
        (table,) = toy.costs.operations.values()
        edges, operations = table.shape
        choices = np.array([*itertools.product(range(operations), repeat=edges)])
        costs = toy.costs.fixed + table[range(edges), choices].sum(axis=1)
        brings = toy.brings[range(edges), choices].sum(axis=1)
        weights = np.geomspace(1e-6, 1, 2000)
        best = [np.argmin(weight * costs - brings) for weight in weights]
        self.costs, self.reached = np.unique(costs), np.unique(costs[best])

    def target(self, share):
        """A target between the cheapest genotype and what a free search finds."""
        return self.costs[0] + share * (self.reached[-1] - self.costs[0])


all_genotypes = functools.cache(Enumeration)


def ranks_off(costs, cost, target):
    """By how many of the costs one is off the one that is nearest to a target."""
    nearest = np.abs(costs - target).argmin()
    return abs(np.searchsorted(costs, cost - 1e-6) - nearest)


def test_without_a_target_the_cost_counts_for_nothing():
    search = ToySearch(2).run()
    assert search.derived == pytest.approx(all_genotypes(2).reached[-1])
    assert set(search.cost_metrics()) == {"cost", "cost_expected", "cost_mixture"}


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_the_search_ends_at_the_genotype_nearest_to_the_target(share):
    """Within one rank, of all there are, where each is the best at some weight."""
    toy = all_genotypes(1)
    target = toy.target(share)
    np.testing.assert_array_equal(toy.reached, toy.costs)
    assert ranks_off(toy.costs, ToySearch(1, target).run().derived, target) <= 1


@pytest.mark.parametrize("share", with_long(SHARES, SHARES[2::3]))
def test_it_ends_at_the_nearest_of_those_that_a_weight_leads_to(share):
    toy = all_genotypes(2)
    target = toy.target(share)
    search = ToySearch(2, target, within=True).run()
    assert ranks_off(toy.reached, search.derived, target) <= 1
    # The genotype within the target is exact among all.
    within = search.cost_metrics()["cost"]
    assert within == search.cost.costs.of(search.genotype()) <= target


def test_no_weight_of_the_cost_leads_to_most_genotypes():
    """So that a search by a multiplier passes by genotypes nearer to its target."""
    toy = all_genotypes(2)
    targets = np.array([*map(toy.target, SHARES)])[:, None]
    nearest, reached = (
        np.abs(costs - targets).min(axis=1) for costs in (toy.costs, toy.reached)
    )
    assert len(toy.reached) < len(toy.costs) / 2
    assert np.count_nonzero(nearest < reached) > len(SHARES) / 2


def test_the_cost_falls_with_the_weight():
    target = all_genotypes(2).costs[0]
    free, light, heavy = (
        ToySearch(2, target, LINEAR, weight).run().derived for weight in (0, 0.01, 1)
    )
    assert free > light > heavy == pytest.approx(target)


def test_the_value_is_that_of_the_derived_network():
    search = ToySearch(2, 3000.0, LINEAR, 2.0)
    expected = 2 * (search.derived / 3000 - 1)
    assert float(search.step()) == pytest.approx(expected)


def test_the_multiplier_follows_the_derived_network():
    search = ToySearch(2, 0.5 * all_genotypes(2).costs[0], steps=100)
    assert search.cost_metrics()["cost_multiplier"] == 0
    search.step()
    # In a hundred steps an excess of a tenth makes 10.
    excess = search.derived / search.cost.target - 1
    found = search.cost_metrics()["cost_multiplier"]
    assert found == pytest.approx(excess * 10 / 0.1 / 100, rel=1e-6)
    assert len(search.cost_variables) == 3
    assert not ToySearch(2, 3000.0, LINEAR).cost_variables


def test_steps_of_alpha_end_where_the_target_is_met():
    search = ToySearch(2, ToySearch(2).derived, steps=10)
    search.architecture_optimizer.learning_rate.assign(1e-6)
    (alpha,) = search.network.alphas
    for step in range(10):
        before = alpha.numpy()
        search.step()
        assert np.any(alpha.numpy() != before) == (step < 8)


@pytest.mark.parametrize("order", with_long(ORDERS, ["first"]))
def test_all_orders_have_the_gradient_of_the_cost(order):
    """It does not depend on w, so that it is added to what any order has."""
    model = make_model(DARTS, *ORDERS[order])
    batches = step_batches(model)
    without = model.architecture_gradients(*batches).alpha
    space = model.network.space
    costs = toy_costs("darts")
    cost = ArchitectureCost(costs, 5000, "log", 3.0, temperature=0.2)
    model._set_cost(cost)
    found = model.architecture_gradients(*batches).alpha
    assert not model.cost_variables
    alpha = [tf.convert_to_tensor(variable) for variable in model.network.alphas]
    genotype = model.network.genotype()
    with tf.GradientTape() as tape:
        tape.watch(alpha)
        expected = expected_cost(
            model.network.architecture, alpha, costs.by_edge(space, genotype), 0.2
        )
    of_expected = tape.gradient(expected, alpha)
    for with_cost, plain, own in zip(found, without, of_expected):
        # The slope of the form is that at the derived network's cost.
        np.testing.assert_allclose(
            with_cost - plain, 3.0 * own / costs.of(genotype), rtol=1e-9, atol=1e-15
        )
    model._set_cost(ArchitectureCost(costs, 5000))
    held = {id(variable) for variable in model.state_variables}
    assert model.cost_variables and held.issuperset(map(id, model.cost_variables))
