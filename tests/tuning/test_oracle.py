"""Strategies as oracles: what they are told, and that nothing is lost by a kill."""

import pathlib
import shutil

import keras_tuner
import numpy as np
import pytest

from darts_tf import keras_tuner_private
from darts_tf.atomic_file import write_atomically
from darts_tf.errors import UserError
from darts_tf.rivals import get_strategy
from darts_tf.tuning.hyperparameters import genotype_of
from darts_tf.tuning.oracle import StrategyOracle
from tests.rivals.small_spaces import EDGES, SHORT, SMALL_SPACES, search, toy_score
from tests.tuning.toy_tuning import report, run, score_of, state_of, strategy_oracle

STRATEGIES = pytest.mark.parametrize("name", sorted(SHORT))
LOSS = keras_tuner.Objective("loss", "min")


@STRATEGIES
def test_an_oracle_is_its_strategy(name, tmp_path):
    strategy = search(get_strategy(name)(EDGES, 3, **SHORT[name]), 24)
    oracle = run(strategy_oracle(tmp_path, name, seed=3, max_trials=24))
    assert oracle.strategy.trials == strategy.trials
    assert oracle.strategy.state == strategy.state
    (best,) = oracle.get_best_trials()
    assert genotype_of(EDGES, best.hyperparameters) == strategy.best.genotype
    assert best.score == strategy.best.score
    assert sorted(oracle.end_order) == sorted(oracle.trials) == oracle.start_order


@pytest.mark.parametrize("space", SMALL_SPACES.values(), ids=SMALL_SPACES)
def test_every_space_serves(space, tmp_path):
    oracle = strategy_oracle(tmp_path, space=space, max_trials=4)
    run(oracle, lambda trial: score_of(trial, space))
    told = [trial.score for trial in oracle.strategy.trials]
    assert told == [toy_score(trial.genotype) for trial in oracle.strategy.trials]


def test_what_is_minimized_is_told_as_its_negative(tmp_path):
    strategy = search(
        get_strategy("evolution")(EDGES, 0, **SHORT["evolution"]),
        20,
        lambda genotype: -toy_score(genotype),
    )
    oracle = strategy_oracle(tmp_path, objective=LOSS, max_trials=20)
    for _ in range(20):
        report(oracle, oracle.create_trial("tuner0"), name="loss")
    assert oracle.strategy.trials == strategy.trials
    assert oracle.get_best_trials()[0].score == -strategy.best.score


def test_failures_are_not_told(tmp_path):
    oracle = strategy_oracle(tmp_path, "random", max_trials=7)
    ends = [("INVALID", 1), ("COMPLETED", np.nan), ("COMPLETED", 0.5), ("FAILED", 1)]
    ends += [("COMPLETED", np.inf), ("COMPLETED", 0.25), ("INVALID", 1)]
    for status, score in ends:
        report(oracle, oracle.create_trial("tuner0"), score, status)
    assert [trial.score for trial in oracle.strategy.trials] == [0.5, 0.25]
    assert oracle.create_trial("tuner0").status == "STOPPED"
    states = [oracle.trials[trial_id].status for trial_id in oracle.start_order]
    assert [x == "COMPLETED" for x in states] == [0, 0, 1, 0, 0, 1, 0]
    assert set(states) == {"COMPLETED", "FAILED"}


def test_a_failure_is_tried_again_if_wanted(tmp_path):
    oracle = strategy_oracle(tmp_path, max_trials=2, max_retries_per_trial=1)
    first = oracle.create_trial("tuner0")
    report(oracle, first, status="INVALID")
    again = oracle.create_trial("tuner0")
    assert again.trial_id == first.trial_id
    assert again.hyperparameters.values == first.hyperparameters.values
    report(oracle, again)
    assert len(oracle.strategy.trials) == 1


@STRATEGIES
def test_a_killed_search_goes_on_as_it_would_have(name, tmp_path, monkeypatch):
    """Wherever it is killed: after each of the files that it writes."""
    folder, copies = tmp_path / "whole", []

    def write_and_copy(path, content):
        write_atomically(path, content)
        copies.append(shutil.copytree(folder, tmp_path / f"copy_{len(copies)}"))

    with monkeypatch.context() as patch:
        patch.setattr(keras_tuner_private, "write_atomically", write_and_copy)
        whole = run(strategy_oracle(folder, name, max_trials=12))
    # Of each trial two files when it begins, two when it ends, and one of its report.
    assert len(copies) == 12 * 5
    for copy in copies[1::8]:
        killed = strategy_oracle(copy, name, seed=99, max_trials=12)
        killed.reload()
        run(killed)
        assert killed.strategy.state == whole.strategy.state
        assert killed.end_order == whole.end_order
        assert [x.score for x in killed.trials.values()] == [
            x.score for x in whole.trials.values()
        ]


def test_ended_is_ended(tmp_path):
    whole = run(strategy_oracle(tmp_path, max_trials=5))
    again = strategy_oracle(tmp_path, max_trials=5)
    again.reload()
    assert again.create_trial("tuner0").status == "STOPPED"
    assert state_of(again) == state_of(whole)


def test_a_folder_of_another_search_is_refused(tmp_path):
    run(strategy_oracle(tmp_path, max_trials=3))
    with pytest.raises(UserError, match=r"search is no folder of this search \(.*stat"):
        strategy_oracle(tmp_path, "random").reload()
    other = strategy_oracle(tmp_path, space=SMALL_SPACES["recurrent"])
    with pytest.raises(UserError, match="is no folder of this search"):
        other.reload()
    file = pathlib.Path(tmp_path / "search" / "oracle.json")
    for text in ("{", "[]", '{"ongoing_trials": {}}'):
        file.write_text(text)
        with pytest.raises(UserError, match="is no folder of this search"):
            strategy_oracle(tmp_path).reload()


def test_bad_arguments():
    with pytest.raises(ValueError, match="`strategy`, expected a `Strategy`"):
        StrategyOracle("evolution", "val_accuracy")
    strategy = get_strategy("random")(EDGES)
    for seconds in (0, -1, "60", float("nan")):
        with pytest.raises(ValueError, match="`worker_timeout`, expected a positive"):
            StrategyOracle(strategy, "val_accuracy", worker_timeout=seconds)
