"""Leases: whose trial it is, whose result counts, and when a chief may end."""

import concurrent.futures

import keras_tuner
import numpy as np
import pytest

from darts_tf.keras_tuner_private import trials_to_give_again
from darts_tf.tuning import leases
from darts_tf.tuning.hyperparameters import space_hyperparameters
from darts_tf.tuning.leases import LeasedOracle, leased
from tests.rivals.small_spaces import EDGES
from tests.tuning.toy_tuning import (
    SCORE,
    Clock,
    placed,
    report,
    run,
    score_of,
    sent,
    state_of,
    strategy_oracle,
)

ORACLES = pytest.mark.parametrize("make", ["strategy", "bayesian", "hyperband"])


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(leases, "IDLE_SECONDS", 0)


@pytest.fixture
def clock():
    return Clock()


def make_oracle(make, folder, clock, trials=3):
    """Makes an oracle with leases of ten seconds."""
    arguments = {"worker_timeout": 10, "clock": clock}
    if make == "strategy":
        return strategy_oracle(folder, max_trials=trials, **arguments)
    arguments |= {"hyperparameters": space_hyperparameters(EDGES), "seed": 1}
    if make == "bayesian":
        make_oracle = leased(keras_tuner.oracles.BayesianOptimizationOracle)
        oracle = make_oracle(SCORE, trials, **arguments)
    else:
        oracle = leased(keras_tuner.oracles.HyperbandOracle)(SCORE, 4, **arguments)
    return placed(oracle, folder)


@ORACLES
def test_a_trial_that_nobody_reports_on_goes_to_the_next_asker(make, tmp_path, clock):
    oracle = make_oracle(make, tmp_path, clock)
    lost = oracle.create_trial("dead")
    clock.now += 10
    other = oracle.create_trial("alive")
    assert other.trial_id != lost.trial_id
    clock.now += 1
    report(oracle, other)
    again = oracle.create_trial("alive")
    assert again.trial_id == lost.trial_id and again.status == "RUNNING"
    assert again.hyperparameters.values == lost.hyperparameters.values
    report(oracle, again)
    run(oracle, tuner_id="alive")
    assert sorted(oracle.end_order) == sorted(oracle.trials)
    assert {trial.status for trial in oracle.trials.values()} == {"COMPLETED"}
    assert not oracle.tuner_ids and not oracle.ongoing_trials


@ORACLES
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_late_result_does_not_count(make, when, tmp_path, clock):
    """Whether it comes before or after that of the worker that has the trial now."""
    oracle = make_oracle(make, tmp_path, clock)
    late = sent(oracle.create_trial("slow"))
    clock.now += 11
    again = sent(oracle.create_trial("quick"))
    assert again.trial_id == late.trial_id
    order = [(late, 0.9), (again, 0.5)]
    for trial, score in order if when == "before" else order[::-1]:
        report(oracle, sent(trial), score)
    assert oracle.trials[late.trial_id].score == 0.5
    assert oracle.end_order == [late.trial_id]


def test_a_late_failure_does_not_count(tmp_path, clock):
    oracle = make_oracle("strategy", tmp_path, clock)
    late = oracle.create_trial("slow")
    clock.now += 11
    again = oracle.create_trial("quick")
    report(oracle, late, status="INVALID")
    report(oracle, again, 0.5)
    assert oracle.trials[again.trial_id].status == "COMPLETED"
    assert [trial.score for trial in oracle.strategy.trials] == [0.5]


def test_reports_that_cross_are_asked_for_again(tmp_path, clock):
    """Both report before either of them ends the trial."""
    oracle = make_oracle("strategy", tmp_path, clock)
    late = oracle.create_trial("slow")
    clock.now += 11
    again = oracle.create_trial("quick")
    for trial, score in ((late, 0.9), (again, 0.5)):
        # A tuner that finds a report leaves out its own.
        assert not oracle.get_trial(trial.trial_id).metrics.exists("score")
        oracle.update_trial(trial.trial_id, {"score": score})
    for trial in (late, again):
        trial.status = "COMPLETED"
        oracle.end_trial(trial)
    assert oracle.strategy.trials == () and oracle.end_order == []
    third = oracle.create_trial("quick")
    assert third.trial_id == late.trial_id
    report(oracle, third, 0.25)
    assert [trial.score for trial in oracle.strategy.trials] == [0.25]


def test_what_the_first_has_reported_is_forgotten(tmp_path, clock):
    oracle = make_oracle("strategy", tmp_path, clock)
    first = oracle.create_trial("dead")
    oracle.update_trial(first.trial_id, {"score": 0.9}, step=1)
    oracle.update_trial(first.trial_id, {"score": 0.8}, step=2)
    clock.now += 11
    report(oracle, oracle.create_trial("alive"), 0.5)
    assert oracle.trials[first.trial_id].score == 0.5
    # Of a trial that nobody has lost all reports count, of which the best is the score.
    second = oracle.create_trial("alive")
    oracle.update_trial(second.trial_id, {"score": 0.7}, step=1)
    report(oracle, second, 0.6)
    assert oracle.trials[second.trial_id].score == 0.7


@pytest.mark.parametrize("heartbeat", ["get", "update", "create"])
def test_a_report_renews_the_lease(heartbeat, tmp_path, clock):
    oracle = make_oracle("strategy", tmp_path, clock)
    trial = oracle.create_trial("slow")
    for step in range(3):
        clock.now += 8
        if heartbeat == "get":
            oracle.get_trial(trial.trial_id)
        elif heartbeat == "update":
            oracle.update_trial(trial.trial_id, {"score": 0.1 * step}, step + 1)
        else:
            assert oracle.create_trial("slow").trial_id == trial.trial_id
        assert oracle.create_trial("other").trial_id != trial.trial_id
    report(oracle, trial, 0.5)
    assert oracle.trials[trial.trial_id].score == 0.5


def test_without_a_timeout_a_lease_has_no_end(tmp_path, clock):
    oracle = strategy_oracle(tmp_path, max_trials=2, clock=clock)
    trial = oracle.create_trial("slow")
    clock.now += 1e9
    assert oracle.create_trial("other").trial_id != trial.trial_id
    assert oracle.tuner_ids == {"slow", "other"}
    # Nobody waits for what will not come.
    assert oracle.create_trial("third").status == "STOPPED"


def test_who_asks_waits_for_the_trials_on_loan(tmp_path, clock):
    oracle = make_oracle("strategy", tmp_path, clock, trials=1)
    trial = oracle.create_trial("dead")
    for _ in range(3):
        assert oracle.create_trial("alive").status == "IDLE"
        assert oracle.tuner_ids == {"dead", "alive"}
        clock.now += 4
    again = oracle.create_trial("alive")
    assert again.trial_id == trial.trial_id
    report(oracle, again)
    assert oracle.create_trial("alive").status == "STOPPED"
    assert not oracle.tuner_ids


def test_a_chief_does_not_wait_for_a_tuner_that_died_without_a_trial(tmp_path, clock):
    oracle = make_oracle("strategy", tmp_path, clock, trials=1)
    report(oracle, oracle.create_trial("dead"))
    assert oracle.create_trial("alive").status == "STOPPED"
    assert oracle.tuner_ids == {"dead"}
    clock.now += 11
    assert oracle.tuner_ids == set()


def test_a_tuner_that_starts_again_gets_its_trial_again(tmp_path, clock):
    oracle = make_oracle("strategy", tmp_path, clock)
    trial = oracle.create_trial("worker")
    oracle.update_trial(trial.trial_id, {"score": 0.9})
    again = oracle.create_trial("worker")
    assert again.trial_id == trial.trial_id
    report(oracle, again, 0.5)
    assert oracle.trials[trial.trial_id].score == 0.5


@ORACLES
def test_after_a_kill_leases_before_it_do_not_count(make, tmp_path, clock):
    before = make_oracle(make, tmp_path, clock)
    report(before, before.create_trial("one"), 0.25)
    lent = before.create_trial("one"), before.create_trial("two")
    oracle = make_oracle(make, tmp_path, clock)
    oracle.reload()
    assert sorted(trials_to_give_again(oracle)) == [x.trial_id for x in lent]
    again = [oracle.create_trial("one"), oracle.create_trial("two")]
    assert {x.trial_id for x in again} == {x.trial_id for x in lent}
    for trial in lent:
        report(oracle, trial, 0.9)
    for trial in again:
        report(oracle, trial, 0.5)
    scores = [oracle.trials[name].score for name in oracle.end_order]
    assert scores == [0.25, 0.5, 0.5]


def test_the_folder_of_an_oracle_of_keras_tuner(tmp_path, clock):
    whole = run(make_oracle("hyperband", tmp_path / "whole", clock))
    parts = run(make_oracle("hyperband", tmp_path / "parts", clock), most=3)
    parts.create_trial("tuner0")
    parts = make_oracle("hyperband", tmp_path / "parts", clock)
    parts.reload()
    run(parts)
    assert parts.end_order == whole.end_order
    scores = [[x.score for x in oracle.trials.values()] for oracle in (whole, parts)]
    assert scores[0] == scores[1]
    states = [state_of(oracle) for oracle in (whole, parts)]
    for state in states:
        del state["leases"]
        state["tried_so_far"].sort()
    assert states[0] == states[1]


def test_many_failures_end_the_search_and_free_the_oracle(tmp_path, clock):
    oracle = make_oracle("strategy", tmp_path, clock, trials=9)
    for _ in range(2):
        report(oracle, oracle.create_trial("one"), status="INVALID")
    with pytest.raises(RuntimeError, match="consecutive failures exceeded the limit"):
        report(oracle, oracle.create_trial("one"), status="INVALID")
    # KerasTuner's lock is free for other threads, as that of a chief.
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        assert pool.submit(oracle.create_trial, "two").result(5).status == "STOPPED"
    assert not oracle.ongoing_trials and oracle.tuner_ids == {"one"}


def test_many_workers_that_die_and_are_late(tmp_path, clock):
    """Each trial is counted once, with the score of who had it in the end."""
    rng = np.random.default_rng(0)
    oracle = make_oracle("strategy", tmp_path, clock, trials=40)
    working, late_results = {}, 0
    for number in range(3000):
        clock.now += 1
        if len(working) < 4:
            name = f"worker_{number}"
            trial = sent(oracle.create_trial(name))
            if trial.status == "STOPPED":
                break
            if trial.status == "RUNNING":
                working[name] = trial
        elif rng.random() < 0.2:
            name = rng.choice(list(working))
            is_late = name not in oracle.tuner_ids
            late_results += is_late
            report(oracle, sent(working.pop(name)), -1.0 if is_late else None)
        elif rng.random() < 0.05:
            # It dies.
            del working[rng.choice(list(working))]
    assert late_results > 10
    assert sorted(oracle.end_order) == sorted(oracle.trials)
    assert len(oracle.end_order) == 40 == len(oracle.strategy.trials)
    assert all(trial.score == score_of(trial) for trial in oracle.trials.values())


def test_bad_arguments():
    assert leased(keras_tuner.oracles.RandomSearchOracle).__name__ == (
        "LeasedRandomSearchOracle"
    )
    assert issubclass(leased(keras_tuner.oracles.GridSearchOracle), LeasedOracle)
    for other in (keras_tuner.RandomSearch, "random", None):
        with pytest.raises(ValueError, match="`oracle_class`, expected a subclass"):
            leased(other)
