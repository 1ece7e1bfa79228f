"""What every strategy keeps: its space, its state, its seed."""

import json
import unittest.mock

import numpy as np
import pytest

from darts_tf.rivals import get_strategy, strategy_names
from darts_tf.rivals.strategy import require_number
from tests.rivals.small_spaces import EDGES, SHORT, SMALL_SPACES, search, toy_score

STRATEGIES = pytest.mark.parametrize("name", sorted(SHORT))
SPACES = pytest.mark.parametrize("space", SMALL_SPACES.values(), ids=SMALL_SPACES)


def make(name, space=EDGES, seed=0):
    return get_strategy(name)(space, seed, **SHORT[name])


def copied(strategy, space, seed=99):
    """Another strategy with the state of one, by way of JSON."""
    other = make(strategy.name, space, seed)
    other.state = json.loads(json.dumps(strategy.state))
    return other


def test_every_strategy_is_tested():
    assert set(SHORT) == set(strategy_names())


@STRATEGIES
@SPACES
def test_interrupted_is_uninterrupted(name, space):
    whole = search(make(name, space), 40)
    parts = make(name, space)
    for number in (1, 6, 9, 13, 11):
        parts = copied(search(parts, number), space)
    assert parts.trials == whole.trials and parts.best == whole.best
    assert parts.state == whole.state
    assert len({space.encode(trial.genotype) for trial in whole.trials}) > 5


@STRATEGIES
@SPACES
def test_cells_are_of_the_space(name, space):
    strategy = make(name, space, seed=3)
    for trial in search(strategy, 30).trials:
        assert space.decode(space.encode(trial.genotype)) == trial.genotype


@STRATEGIES
def test_several_may_be_asked_for_before_they_are_told(name):
    strategy, rng, waiting = make(name), np.random.default_rng(1), []
    for number in range(60):
        waiting.append(strategy.ask())
        if number % 5 == 4:
            strategy = copied(strategy, EDGES)
        while len(waiting) > 3:
            genotype = waiting.pop(rng.integers(len(waiting)))
            strategy.tell(genotype, toy_score(genotype))
    assert len(strategy.trials) == 57
    assert strategy.best.score == max(trial.score for trial in strategy.trials)


@STRATEGIES
def test_it_is_told_what_it_did_not_ask_for(name):
    rng, strategy = np.random.default_rng(0), make(name)
    for _ in range(10):
        genotype = EDGES.sample(rng)
        strategy.tell(genotype, toy_score(genotype))
    assert len(search(strategy, 10).trials) == 20


@STRATEGIES
def test_a_seed_is_a_search(name):
    first, same, other = (search(make(name, seed=s), 20).trials for s in (1, 1, 2))
    assert first == same != other


@STRATEGIES
def test_configurations_are_settings(name):
    strategy = get_strategy(name)
    assert strategy.CONFIGURATIONS["paper"] == {} and "arXiv" in strategy.source
    for configuration, settings in strategy.CONFIGURATIONS.items():
        made = strategy.configured(EDGES, 4, configuration)
        assert made.settings.items() >= settings.items()
        assert made.state == strategy(EDGES, 4, **settings).state
    with pytest.raises(ValueError, match="`configuration`, expected one of paper"):
        strategy.configured(EDGES, 0, "no_such")


@STRATEGIES
def test_another_state_is_refused(name):
    strategy = search(make(name), 5)
    with unittest.mock.patch.object(type(strategy), "_restore"):
        for change in ({"strategy": "x"}, {"choices": [2]}, {"settings": {"x": 1}}):
            with pytest.raises(ValueError, match="expected the `state` of a strategy"):
                strategy.state = {**strategy.state, **change}
    for state in (None, {}, {**strategy.state, "trials": [[[0], 1.0]]}):
        with pytest.raises(ValueError, match=r"`state`, expected .*" + name):
            strategy.state = state


def test_what_is_told_is_checked():
    strategy = make("random")
    genotype = strategy.ask()
    assert strategy.best is None
    for score in (float("nan"), float("inf"), "1", None):
        with pytest.raises(ValueError, match="`score`, expected a finite number"):
            strategy.tell(genotype, score)
    with pytest.raises(ValueError, match="`genotype`, expected one of only cells"):
        strategy.tell(SMALL_SPACES["darts"].sample(np.random.default_rng(0)), 1.0)
    assert strategy.trials == ()
    strategy.tell(genotype, np.float32(0.5))
    assert strategy.best == (genotype, 0.5)


def test_bad_arguments():
    with pytest.raises(ValueError, match="`space`, expected a `SearchSpace`"):
        make("random", "darts")
    for seed in (-1, 0.5, None):
        with pytest.raises(ValueError, match="`seed`, expected an integer"):
            make("random", seed=seed)
    bad = [
        ("evolution", {"population": 0}),
        ("evolution", {"sample": 101}),
        ("evolution", {"identity": 1.5}),
        ("local", {"whole_neighborhood": 1}),
        ("reinforcement", {"policy": "none"}),
        ("reinforcement", {"baseline_momentum": float("nan")}),
        ("reinforcement", {"batch_size": 2.0}),
        ("reinforcement", {"learning_rate": 10**400}),
        ("progressive", {"beam": True}),
    ]
    for name, settings in bad:
        (setting,) = settings
        with pytest.raises(ValueError, match=f"`{setting}`"):
            get_strategy(name)(EDGES, **settings)
    assert require_number("x", 3) == 3
