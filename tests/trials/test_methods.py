import pytest

from darts_tf.errors import UserError
from darts_tf.rivals import strategy_names
from darts_tf.trials.methods import get_method, make_strategy, method_names
from tests.rivals.small_spaces import EDGES, toy_score


def test_strategies_and_oracles():
    names = method_names()
    assert {*strategy_names(), "bayesian", "hyperband", "zero_cost"} == {*names}
    assert [get_method(name).name for name in names] == [*names]
    words = {name: get_method(name).search_method for name in names}
    assert words["reinforcement"] == "RL" and words["random"] == ""
    assert words["progressive"] == words["bayesian"] == "SMBO"


def test_scores_are_measured_by_whoever_asks():
    settings = {"score": "synflow", "candidates": 30}
    strategy = make_strategy("zero_cost", EDGES, 0, "paper", settings, 9)
    measured = []

    def measure(score, genotypes):
        measured.append((score, len(genotypes)))
        return list(map(toy_score, genotypes))

    strategy.measure = measure
    first, second = strategy.ask(), strategy.ask()
    assert toy_score(first) >= toy_score(second)
    ((score, number),) = measured
    assert score == "synflow" and 20 < number <= 30


def test_settings_of_oracles():
    found = make_strategy("bayesian", EDGES, 0, "paper", {"beta": 1.5}, 9)
    assert found.settings["beta"] == 1.5
    found = make_strategy("hyperband", EDGES, 0, "paper", {"factor": 4}, 9)
    assert found.settings["max_epochs"] == 9 and found.settings["factor"] == 4


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("hyperband", {"max_epochs": 3}, "`method_settings`=max_epochs: .*factor"),
        ("hyperband", {"factor": 1}, "`method`=hyperband: factor"),
        ("hyperband", {"factor": "x"}, "`method`=hyperband: "),
        ("bayesian", {"seed": 3}, "`method_settings`=seed"),
        ("zero_cost", {"score": "x"}, "`method`=zero_cost: .*one of jacob_cov"),
        ("zero_cost", {"scores": 1}, "`method_settings`=scores: .*candidates"),
    ],
)
def test_bad_settings_are_one_line(name, settings, message):
    with pytest.raises(UserError, match=message) as error:
        make_strategy(name, EDGES, 0, "paper", settings, 9)
    assert "\n" not in str(error.value)
