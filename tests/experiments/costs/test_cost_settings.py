"""Settings of the cost of the derived network, and the network that they mean."""

import dataclasses
import types

import numpy as np
import pytest

from darts_tf.costs.latency.space_parts import parts_of_space
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.costs.cost_settings import checked_cost
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.method.slots import Selection
from tests.costs.latency.small_tables import table_of

CIFAR = (32, 32, 3), 10
DATA = types.SimpleNamespace(
    image_shape=CIFAR[0], class_names=("",) * CIFAR[1], steps_per_epoch=10
)
SMALL = SearchConfig(
    cost="weights",
    cost_target=0.05,
    eval_layers=3,
    eval_init_channels=4,
    nodes=1,
    epochs=20,
    frozen_epochs=5,
    primitives=("none", "skip_connect", "sep_conv_3x3"),
)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cost": "none"}, "`cost_target`=0.05 is of no cost"),
        ({"cost_target": None, "select_within_target": True}, "needs a `cost_target`"),
        ({"jit_compile": True}, "XLA calls no Python, .* leave `jit_compile` out"),
        (
            {"select_within_target": True, "selection": "threshold"},
            "`selection`=threshold does not",
        ),
        ({"cost": "latency"}, "`cost=latency` and `latency_table` need each other"),
        ({"latency_table": "a.json"}, "need each other"),
        ({"verify_latency": True}, "give `cost=latency` and `latency_table`"),
        ({"cost": "size"}, "`cost`=size: expected one of none, latency, moved_bytes"),
    ],
)
def test_settings_that_do_not_fit(changes, words):
    with pytest.raises(UserError, match=words):
        dataclasses.replace(SMALL, **changes)


def test_the_network_is_that_of_the_paper_by_default():
    config = SearchConfig(cost="weights")
    costs = config.space_costs(*CIFAR)
    assert costs.of(Genotype.published("DARTS_V2")) == 3_349_342
    assert SearchConfig().space_costs(*CIFAR) is None


def test_the_derived_network_is_built_and_counted():
    costs = SMALL.space_costs(*CIFAR)
    genotype = SMALL.search_space().sample(np.random.default_rng(0))
    found = checked_cost(costs, genotype, 0.05)
    assert found.weights == costs.of(genotype) == found.cost * 1e6
    cost = f"{found.cost:.6g} M weights (target 0.05): {found.weights:,} weights, "
    assert str(found).startswith(f"The derived network has {cost}")
    assert "no target" in str(found._replace(target=None))


def test_other_data_and_spaces_have_networks_of_their_own():
    config = SearchConfig(cost="weights", dataset="imagenet2012")
    network = config.space_costs((64, 64, 3), 1000).network
    assert network.image_shape == (224, 224, 3)
    weights = config.space_costs((64, 64, 3), 1000).of(Genotype.published("DARTS_V2"))
    assert weights == 4_718_752
    config = SearchConfig(cost="weights", space="nasbench201", eval_image_size=16)
    network = config.space_costs(*CIFAR).network
    assert network.image_shape == (16, 16, 3)
    assert network.skeleton.cells[0].channels == 16
    with pytest.raises(UserError, match="give `eval_image_size`=4"):
        config = SearchConfig(cost="weights")
        config.space_costs((3, 3, 1), 2)


def test_the_target_is_in_the_range_of_the_space():
    costs = SMALL.space_costs(*CIFAR)
    least, most = costs.attainable(SMALL.search_space(), Selection())
    low = dataclasses.replace(SMALL, cost_target=least / 1e6 * 0.99)
    with pytest.raises(UserError) as error:
        low.architecture_cost(DATA)
    message = str(error.value)
    assert f"from {least / 1e6:.6g} to {most / 1e6:.6g} M weights" in message
    assert "\n" not in message and "`eval_layers`=3" in message
    cost = dataclasses.replace(SMALL, cost_target=least / 1e6).architecture_cost(DATA)
    assert cost.target == least and cost.steps == 15 * 10


def test_a_target_in_milliseconds(tmp_path):
    network = SMALL.space_costs(*CIFAR).network
    parts = parts_of_space(network, SMALL.search_space())
    table = table_of(parts, tmp_path / "table.json")
    table.save(table.path)
    config = dataclasses.replace(
        SMALL, cost="latency", latency_table=table.path, verify_latency=True
    )
    with pytest.raises(UserError, match=r"from 0\.\d+ to 0\.\d+ ms latency; give"):
        dataclasses.replace(config, cost_target=0.01).architecture_cost(DATA)
    cost = dataclasses.replace(config, cost_target=1.0).architecture_cost(DATA)
    genotype = SMALL.search_space().sample(np.random.default_rng(0))
    assert cost.target == 1.0
    assert cost.costs.of(genotype) == table.of_parts(network.parts(genotype))
    larger = dataclasses.replace(config, eval_layers=5)
    with pytest.raises(UserError, match="has no entry for "):
        larger.architecture_cost(DATA)


def test_a_table_that_is_none(tmp_path):
    path = tmp_path / "none.json"
    config = dataclasses.replace(SMALL, cost="latency", latency_table=str(path))
    with pytest.raises(UserError, match=r"none\.json: it cannot be read"):
        config.architecture_cost(DATA)
