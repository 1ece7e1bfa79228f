import random

import pytest

from darts_tf.errors import UserError
from darts_tf.trials.budget import Budget
from darts_tf.trials.history import AskedTrial, TrialHistory
from darts_tf.trials.loans import TrialLoans
from darts_tf.trials.trial_log import TrialLog
from tests.rivals.small_spaces import EDGES
from tests.trials.test_search import Halting
from tests.trials.toy_search import history, outcome, run

TIMEOUT = 10


class Clock:
    """A time that passes when a test says so."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def found(tmp_path):
    return history(tmp_path / "log")


@pytest.fixture
def loans(found, clock):
    return TrialLoans(found, Budget.parse("3"), TIMEOUT, clock)


def take(loans, trial, worker):
    return loans.take(trial.number, worker, outcome(trial))


def test_each_worker_gets_a_trial_of_its_own(loans, found):
    trials = [loans.lend(worker) for worker in "abc"]
    assert [trial.number for trial in trials] == [1, 2, 3]
    assert loans.lend("d") is None and not loans.have_ended
    assert all(take(loans, trial, worker) for trial, worker in zip(trials, "abc"))
    assert loans.have_ended and found.outcomes == {x.number: outcome(x) for x in trials}
    assert loans.lend("a") is None


def test_one_worker_has_the_history_of_a_search_alone(loans, found, tmp_path):
    while trial := loans.lend("a"):
        take(loans, trial, "a")
    run(tmp_path / "alone", budget="3")
    assert (tmp_path / "log").read_bytes() == (tmp_path / "alone").read_bytes()


def test_a_worker_that_asks_again_gets_the_same(loans):
    first = loans.lend("a")
    assert loans.lend("a") == first and loans.lend("b").number == 2


def test_a_lease_runs_out(loans, found, clock, capsys):
    lost = loans.lend("a")
    clock.now = TIMEOUT
    assert loans.lend("b").number == 2
    clock.now = TIMEOUT + 0.5
    assert loans.lend("c") == lost
    assert "trial 1 goes to c: a was silent for 10 s" in capsys.readouterr().out
    assert not take(loans, lost, "a") and not found.outcomes
    assert "trial 1: a late result of a is dropped" in capsys.readouterr().out
    assert take(loans, lost, "c") and not take(loans, lost, "c")
    assert [*found.outcomes] == [1]


def test_signs_of_life_renew_a_lease(loans, clock):
    lost = loans.lend("a")
    for clock.now in range(0, 5 * TIMEOUT, TIMEOUT):
        loans.renew(1, "a")
        assert loans.lend("b").number == 2
    clock.now += TIMEOUT + 1
    assert loans.lend("c") == lost
    loans.renew(1, "a")  # it is too late
    assert loans.lend("c") == lost and not take(loans, lost, "a")


def test_a_late_result_counts_where_nobody_else_has_begun(loans, found, clock):
    trial = loans.lend("a")
    clock.now = 3 * TIMEOUT
    assert take(loans, trial, "a") and [*found.outcomes] == [1]


def test_its_own_trial_comes_before_a_lost_one(loans, clock):
    lost, own = loans.lend("a"), loans.lend("b")
    clock.now = TIMEOUT + 1
    assert loans.lend("b") == own
    assert take(loans, own, "b") and loans.lend("b") == lost


def test_after_a_new_start(loans, found, clock, tmp_path):
    trials = [loans.lend(worker) for worker in "ab"]
    again = TrialLoans(history(tmp_path / "log"), Budget.parse("3"), TIMEOUT, clock)
    again.renew(1, "a")
    assert again.lend("c") == trials[1]
    assert again.lend("d").number == 3
    assert take(again, trials[0], "a") and not take(again, trials[1], "b")


def test_what_was_never_lent_is_dropped(loans, found):
    trial = loans.lend("a")
    for number in (0, 2, -1):
        loans.renew(number, "b")
        assert not loans.take(number, "b", outcome(trial))
    assert loans.lend("b").number == 2 and not found.outcomes


def test_a_trial_that_fails_goes_to_another_worker_once(loans, found, capsys):
    trial = loans.lend("a")
    loans.take_failure(1, "b", "which has another one")
    loans.take_failure(1, "a", "no memory")
    assert "trial 1 has failed on a: no memory" in capsys.readouterr().out
    loans.take_failure(1, "a", "no memory")  # a message may come twice
    assert loans.lend("b") == trial
    with pytest.raises(UserError, match=r"^Trial 1 has failed twice: no network"):
        loans.take_failure(1, "b", "no network")


def test_all_budgets_count_trials_alike(found, clock):
    loans = TrialLoans(found, Budget.parse("65steps"), TIMEOUT, clock)
    while not loans.have_ended:
        take(loans, loans.lend("a"), "a")
    assert len(found.outcomes) == 7


def test_a_strategy_may_have_nothing_now(tmp_path, clock):
    found = TrialHistory(Halting(EDGES, 1), TrialLog(tmp_path / "log"))
    loans = TrialLoans(found, Budget.parse("40"), TIMEOUT, clock)
    first = [loans.lend(worker) for worker in "ab"]
    assert loans.lend("c") is None and not loans.have_ended
    assert all(take(loans, trial, worker) for trial, worker in zip(first, "ab"))
    for _ in range(2):
        take(loans, loans.lend("c"), "c")
    assert loans.lend("c") is None and loans.have_ended
    assert sorted(found.outcomes) == [1, 2, 3, 4]


def test_workers_that_live(loans, clock):
    for worker in "ab":
        loans.hear(worker)
    clock.now = TIMEOUT
    loans.hear("c")
    assert loans.workers == ["a", "b", "c"]
    loans.dismiss("b")
    loans.dismiss("d")
    assert loans.workers == ["a", "c"]
    clock.now += 1
    assert loans.workers == ["c"]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_all_trials_count_once(tmp_path, clock, seed):
    """Workers die, come late and give no sign; the chief starts anew."""
    draw, path, held, counted = random.Random(seed), tmp_path / "log", {}, []
    budget = Budget.parse("40")
    loans = TrialLoans(history(path), budget, TIMEOUT, clock)
    while not loans.have_ended:
        clock.now += draw.expovariate(1 / 3)
        worker = draw.choice("abcd")
        trial = held.pop(worker, None)
        if draw.random() < 0.03:
            loans = TrialLoans(history(path), budget, TIMEOUT, clock)
        elif trial is None:
            held[worker] = loans.lend(worker)
        elif draw.random() < 0.6:
            if take(loans, trial, worker):
                counted.append(trial.number)
        elif draw.random() < 0.5:
            held[worker] = trial
            loans.renew(trial.number, worker)
        # Else it has died, and begins again with nothing.
    assert sorted(counted) == [*range(1, 41)]
    again = history(path)
    asked = [AskedTrial(*pair) for pair in again.genotypes.items()]
    assert again.outcomes == {trial.number: outcome(trial) for trial in asked}
