"""Strategies that may not propose every genotype."""

import json

import pytest

from darts_tf.errors import UserError
from darts_tf.rivals import get_strategy
from darts_tf.space import convolutional_space
from darts_tf.trials.methods import ZERO_COST, make_strategy, method_names
from tests.long_cases import with_long
from tests.rivals.small_spaces import SHORT, search

SPACE = convolutional_space(("skip_connect", "max_pool_3x3", "sep_conv_3x3"), 2)


def skips(genotype):
    return sum(cell.count("skip_connect") for cell in genotype.cells.values())


def admits(genotype):
    """About a quarter of the genotypes."""
    return skips(genotype) >= 4


@pytest.mark.parametrize(
    "name", with_long(method_names(), set(method_names()) - {"bayesian"})
)
def test_only_what_is_admitted_is_asked(name):
    settings = {"population": 5, "sample": 2} if name == "evolution" else {}
    strategy = make_strategy(name, SPACE, 1, "paper", settings, 3)
    if name == ZERO_COST:
        strategy.measure = lambda score, genotypes: [0.0 for _ in genotypes]
    strategy.admits = admits
    # After every refusal the Bayesian oracle fits anew.
    count = 3 if name == "bayesian" else 12
    for _ in range(count):
        genotype = strategy.ask()
        assert admits(genotype)
        strategy.tell(genotype, 0.1 * skips(genotype))
    assert len(strategy.trials) == count


@pytest.mark.parametrize("name", with_long(SHORT, {"random", "progressive"}))
def test_another_one_goes_on_with_what_was_refused(name):
    def told(strategy, trials):
        strategy.admits = admits
        return search(strategy, trials, lambda x: -skips(x)).trials[-trials:]

    first, second = (get_strategy(name)(SPACE, seed, **SHORT[name]) for seed in (1, 2))
    told(first, 45)
    second.state = json.loads(json.dumps(first.state))
    assert told(second, 20) == told(first, 20)


def test_without_any_there_is_one_line():
    strategy = make_strategy("random", SPACE, 1, "paper", {}, 3)
    strategy.admits = lambda genotype: False
    with pytest.raises(UserError, match="`method`=random proposed cost more than"):
        strategy.ask()
