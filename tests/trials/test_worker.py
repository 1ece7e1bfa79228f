import threading

import pytest

from darts_tf.errors import UserError
from darts_tf.trials.budget import Budget
from darts_tf.trials.chief import TrialOracle
from darts_tf.trials.loans import TrialLoans
from darts_tf.trials.worker import TrialWorker
from tests.rivals.small_spaces import EDGES
from tests.trials import loopback
from tests.trials.toy_search import history, outcome


@pytest.fixture
def found(tmp_path):
    return history(tmp_path / "log")


def oracle_of(found, budget="12", kind=TrialOracle):
    loans = TrialLoans(found, Budget.parse(budget), timeout=60)
    return kind(EDGES, loans, lambda number: None, {})


def work(client, evaluate=outcome, name="worker", count=1, interval=60.0):
    TrialWorker(client, EDGES, evaluate, count, interval).run(name)


def test_it_tries_all_trials(found):
    tried, all_at_a_time = [], threading.Barrier(3, timeout=60)

    def evaluate(trial):
        if trial.number <= 3:
            all_at_a_time.wait()
        tried.append(trial)
        return outcome(trial)

    with loopback.chief(oracle_of(found)) as client:
        work(client, evaluate, count=3)
    assert sorted(trial.number for trial in tried) == [*range(1, 13)]
    assert found.outcomes == {trial.number: outcome(trial) for trial in tried}
    assert found.genotypes == {trial.number: trial.genotype for trial in tried}


def test_it_gives_signs_of_life(found):
    heard = threading.Event()

    class Oracle(TrialOracle):
        def get_trial(self, trial_id):
            assert trial_id == "1/worker.1"
            heard.set()
            return super().get_trial(trial_id)

    def evaluate(trial):
        assert heard.wait(30)
        return outcome(trial)

    with loopback.chief(oracle_of(found, "1", Oracle)) as client:
        work(client, evaluate, interval=0.01)
    assert heard.is_set() and [*found.outcomes] == [1]


def test_a_trial_that_fails_ends_it_and_goes_to_another(found, capsys):
    def fail(trial):
        raise UserError("No memory.")

    with loopback.chief(oracle_of(found, "2")) as client:
        with pytest.raises(UserError, match=r"^No memory\.$"):
            work(client, fail, name="first")
        other = loopback.client_of(client)
        work(other, name="second")
    assert "trial 1 has failed on first.1: No memory." in capsys.readouterr().out
    assert sorted(found.outcomes) == [1, 2]


def test_what_is_cut_off_by_a_failure_has_not_failed(found):
    """The trials beside it go to other workers, and may still fail once."""
    all_at_a_time, failures = threading.Barrier(2, timeout=60), []
    cut_off = threading.Event()

    class Oracle(TrialOracle):
        def end_trial(self, trial):
            failures.append(trial.trial_id)
            super().end_trial(trial)

    def fail(trial):
        all_at_a_time.wait()
        if trial.number == 2:
            cut_off.wait(60)
        raise UserError(f"{trial.number} fails.")

    oracle = oracle_of(found, "2", Oracle)
    with loopback.chief(oracle) as client:
        worker = TrialWorker(client, EDGES, fail, 2, 60.0)
        with pytest.raises(UserError, match=r"^1 fails"):
            worker.run("first")
        cut_off.set()
        worker._pool.shutdown(wait=True)
        assert len(failures) == 1
        # As its lease would run out.
        oracle._loans.dismiss("first.1")
        oracle._loans.dismiss("first.2")
        work(loopback.client_of(client), name="second")
    assert sorted(found.outcomes) == [1, 2]


def test_a_chief_that_is_lost_ends_it():
    place = loopback.free_place()
    client = loopback.PatientClient(place.address, patience=0.1)
    with pytest.raises(UserError, match=r"has not answered for 0\.1 s"):
        work(client)
