import threading
import time

import pytest

from darts_tf.rivals import Strategy
from darts_tf.trials.budget import Budget
from darts_tf.trials.history import AskedTrial, TrialHistory
from darts_tf.trials.search import search
from darts_tf.trials.trial_log import TrialLog
from tests.rivals.small_spaces import EDGES
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
    numbers, all_at_a_time = [], threading.Barrier(3, timeout=60)

    def evaluate(trial):
        if trial.number <= 3:
            all_at_a_time.wait()
        time.sleep(0.001 * (trial.number % 3))
        return outcome(trial)

    found = run(tmp_path / "log", workers=3, evaluate=evaluate, told=numbers.append)
    assert sorted(numbers) == [*range(1, 41)] == sorted(found.outcomes)
    assert {n: outcome(t) for n, t in trials(found)} == found.outcomes
    again = run(tmp_path / "log", workers=3)
    assert again.outcomes == found.outcomes and again.genotypes == found.genotypes


def trials(found):
    return [(n, AskedTrial(n, genotype)) for n, genotype in found.genotypes.items()]


class Halting(Strategy):
    """Has two genotypes, and after both have been told two more, and no others."""

    name = "halting"

    def ask(self):
        is_open = self._asked < 2 + 2 * (len(self.trials) >= 2)
        return super().ask() if is_open else None

    def _propose(self):
        return self.space.sample(self._rng)


@pytest.mark.parametrize("workers", [1, 4])
def test_a_strategy_may_have_nothing_now(tmp_path, workers):
    found = TrialHistory(Halting(EDGES, 1), TrialLog(tmp_path / "log"))
    search(found, Budget.parse("40"), outcome, workers, id)
    assert [*found.genotypes] == [1, 2, 3, 4] == sorted(found.outcomes)
    again = TrialHistory(Halting(EDGES, 1), TrialLog(tmp_path / "log"))
    assert again.genotypes == found.genotypes and again.ask() is None


@pytest.mark.parametrize("workers", [1, 3])
def test_a_failure_ends_the_search(tmp_path, workers):
    def evaluate(trial):
        if trial.number == 4:
            raise ValueError("no such network")
        return outcome(trial)

    with pytest.raises(ValueError, match="no such network"):
        run(tmp_path / "log", workers=workers, evaluate=evaluate)
    assert len(run(tmp_path / "log", workers=workers).outcomes) == 40


@pytest.mark.long
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
