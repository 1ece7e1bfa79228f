import pytest

from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_baseline.config import BaselineConfig
from darts_tf.rivals import get_strategy
from tests.rivals.small_spaces import EDGES


def strategy(method, *settings, configuration="paper"):
    config = BaselineConfig(
        method=method, method_settings=settings, configuration=configuration, seed=5
    )
    return config.make_strategy(EDGES)


def test_the_settings_of_a_strategy():
    found = strategy("evolution", "population=10", "identity=0.5", "sample=4")
    assert found.settings == {"population": 10, "sample": 4, "identity": 0.5}
    named = strategy("evolution", "sample=2", configuration="nats_bench")
    assert named.settings == {"population": 10, "sample": 2, "identity": 0.0}
    found = strategy("reinforcement", "policy=table", "learning_rate=1e-2")
    assert (found.settings["policy"], found.settings["learning_rate"]) == (
        *("table", 0.01),
    )
    assert strategy("local", "whole_neighborhood=False").settings == {
        "whole_neighborhood": False
    }


def test_the_seed_is_that_of_the_run():
    expected = get_strategy("random")(EDGES, 5)
    found = strategy("random")
    assert [found.ask() for _ in range(5)] == [expected.ask() for _ in range(5)]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"method": "annealing"},
            "`method`=annealing: expected one of bayesian, ",
        ),
        ({"configuration": "mine"}, "`configuration`=mine: expected one of paper"),
        ({"method_settings": ("sample=3",)}, "expected none for random"),
        (
            {"method": "evolution", "method_settings": ("size=3",)},
            "expected some of population, sample, identity",
        ),
        (
            {"method": "evolution", "method_settings": ("sample=1000",)},
            "`method`=evolution: .* at most `population`",
        ),
        ({"method_settings": ("sample",)}, "expected name=value"),
        ({"method_settings": ("=3",)}, "expected name=value"),
    ],
)
def test_others_are_refused_in_one_line(settings, message):
    with pytest.raises(UserError, match=message) as error:
        BaselineConfig(**settings).make_strategy(EDGES)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"budget": "soon"}, "`budget`=soon: expected a number of trials"),
        ({"strategy": "mirrored"}, "A trial is on one device"),
        ({"logical_devices": 2}, "A trial is on one device"),
        ({"profile": True}, "`profile` is for searches"),
        ({"workers": 0}, "`workers`=0"),
    ],
)
def test_what_a_configuration_refuses(settings, message):
    with pytest.raises(UserError, match=message):
        BaselineConfig(**settings)


def test_each_trial_has_a_seed():
    configs = [BaselineConfig(seed=seed) for seed in (0, 1)]
    seeds = [config.trial_seed(number) for config in configs for number in range(100)]
    assert len(set(seeds)) == 200 and all(0 <= seed < 2**31 for seed in seeds)
    assert BaselineConfig(seed=1).trial_seed(7) == configs[1].trial_seed(7)
