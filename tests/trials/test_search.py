import threading
import time

import pytest

from darts_tf.trials.history import AskedTrial
from tests.trainers.trainer_process import PROCESSES
from tests.trials.toy_search import outcome, run, run_slowly


@pytest.mark.parametrize(
    ("budget", "trials"), [("7", 7), ("70steps", 7), ("65steps", 7), ("3.5s", 7)]
)
def test_all_budgets_count_trials_alike(tmp_path, budget, trials):
    assert len(run(tmp_path / "log", budget=budget).outcomes) == trials


def test_it_goes_on_with_a_larger_budget(tmp_path):
    run(tmp_path / "log", budget="5")
    run(tmp_path / "log", budget="9")
    run(tmp_path / "whole", budget="9")
    assert (tmp_path / "log").read_bytes() == (tmp_path / "whole").read_bytes()


def test_several_workers_count_each_trial_once(tmp_path):
    numbers, most, running = [], [0], set()
    lock = threading.Lock()

    def evaluate(trial):
        with lock:
            running.add(trial.number)
            most[0] = max(most[0], len(running))
        time.sleep(0.001 * (trial.number % 3))
        with lock:
            running.remove(trial.number)
        return outcome(trial)

    found = run(tmp_path / "log", workers=3, evaluate=evaluate, told=numbers.append)
    assert sorted(numbers) == [*range(1, 41)] == sorted(found.outcomes)
    assert 1 < most[0] <= 3
    assert {n: outcome(t) for n, t in trials(found)} == found.outcomes
    again = run(tmp_path / "log", workers=3)
    assert again.outcomes == found.outcomes and again.genotypes == found.genotypes


def trials(found):
    return [(n, AskedTrial(n, genotype)) for n, genotype in found.genotypes.items()]


@pytest.mark.parametrize("workers", [1, 3])
def test_a_failure_ends_the_search(tmp_path, workers):
    def evaluate(trial):
        if trial.number == 4:
            raise ValueError("no such network")
        return outcome(trial)

    with pytest.raises(ValueError, match="no such network"):
        run(tmp_path / "log", workers=workers, evaluate=evaluate)
    assert len(run(tmp_path / "log", workers=workers).outcomes) == 40


def test_killed_at_several_moments_it_ends_with_the_same_history(tmp_path):
    run(tmp_path / "whole")
    log, lines = tmp_path / "log", 0
    for least in (1, 20, 41, 62):
        process = PROCESSES.Process(target=run_slowly, args=(log,))
        process.start()
        while lines < least:
            assert process.is_alive()
            lines = log.read_bytes().count(b"\n") if log.exists() else 0
        process.kill()
        process.join()
        assert process.exitcode == -9
    assert log.read_bytes().count(b"\n") < 80
    run(log)
    assert log.read_bytes() == (tmp_path / "whole").read_bytes()
