import concurrent.futures
import threading

import pytest

from darts_tf.errors import UserError
from darts_tf.trials import chief
from darts_tf.trials.budget import Budget
from darts_tf.trials.chief import SEARCH, TrialOracle, serve
from darts_tf.trials.loans import TrialLoans
from darts_tf.trials.messages import asked_trial, ended_trial
from darts_tf.trials.tuner_environment import TunerProcess
from tests.rivals.small_spaces import EDGES
from tests.trials import loopback
from tests.trials.toy_search import history, outcome, run

SEARCH_KNOWN = {"seed": 3}


@pytest.fixture
def found(tmp_path):
    return history(tmp_path / "log")


def make_oracle(found, told=lambda number: None, budget="3"):
    loans = TrialLoans(found, Budget.parse(budget), timeout=60)
    return TrialOracle(EDGES, loans, told, SEARCH_KNOWN)


def end(oracle, message):
    oracle.end_trial(ended_trial(message, outcome(asked_trial(EDGES, message))))


def test_it_answers_as_an_oracle(found):
    told = []
    oracle = make_oracle(found, told.append)
    assert oracle.get_space().values == {SEARCH: '{"seed": 3}'}
    messages = [oracle.create_trial(worker) for worker in "abc"]
    assert [message.trial_id for message in messages] == ["1/a", "2/b", "3/c"]
    assert oracle.create_trial("d").status == "IDLE"
    assert oracle.get_trial("2/b").status == "RUNNING"
    for message in reversed(messages):
        end(oracle, message)
        end(oracle, message)
    assert told == [3, 2, 1] == [*found.outcomes]
    assert [oracle.create_trial(x).status for x in "abcd"] == ["STOPPED"] * 4
    oracle.wait()


def test_it_does_not_wait_for_the_dead(found, monkeypatch):
    monkeypatch.setattr(chief, "_FAREWELL_SECONDS", 0.01)
    oracle = make_oracle(found, budget="1")
    end(oracle, oracle.create_trial("a"))
    oracle.wait()


def test_a_worker_whose_trial_fails(found):
    oracle = make_oracle(found)
    oracle.end_trial(ended_trial(oracle.create_trial("a"), "no memory"))
    again = oracle.create_trial("b")
    assert again.trial_id == "1/b"
    oracle.end_trial(ended_trial(again, "no memory"))
    assert [oracle.create_trial(x).status for x in "ab"] == ["STOPPED"] * 2
    with pytest.raises(UserError, match=r"^Trial 1 has failed twice: no memory"):
        oracle.wait()


def test_a_failure_of_its_own_ends_the_search(found):
    def told(number):
        raise OSError("no space")

    oracle = make_oracle(found, told)
    messages = [oracle.create_trial(worker) for worker in "ab"]
    for message in messages:
        end(oracle, message)
    assert [*found.outcomes] == [1]  # it has written nothing since
    assert [oracle.create_trial(x).status for x in "ab"] == ["STOPPED"] * 2
    with pytest.raises(OSError, match="no space"):
        oracle.wait()


def test_signs_of_life_count_while_it_is_busy(found):
    """Even where no other message is heard meanwhile."""
    is_busy, goes_on = threading.Event(), threading.Event()

    def told(number):
        is_busy.set()
        assert goes_on.wait(30)

    loans = TrialLoans(found, Budget.parse("3"), timeout=60)
    oracle = TrialOracle(EDGES, loans, told, SEARCH_KNOWN)
    message = oracle.create_trial("a")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        ends = pool.submit(end, oracle, message)
        assert is_busy.wait(30)
        sign = pool.submit(oracle.get_trial, "2/b")
        while "b" not in loans.workers:
            assert not sign.done()
        goes_on.set()
        assert sign.result(30).status == "RUNNING" and ends.result(30) is None


def test_a_message_of_another_program_changes_nothing(found):
    with loopback.chief(make_oracle(found, budget="1")) as client:
        with pytest.raises(UserError, match="refused a message"):
            client.get_trial("none")
        with pytest.raises(UserError, match="refused a message"):
            client.update_trial("1/a", {"score": 1.0})
        message = client.create_trial("a")
        with pytest.raises(UserError, match="refused a message"):
            client.end_trial(message)
        client.end_trial(ended_trial(message, outcome(asked_trial(EDGES, message))))
        assert client.create_trial("a").status == "STOPPED"
    assert [*found.outcomes] == [1]


def test_what_comes_over_the_network_is_what_one_process_finds(found, tmp_path):
    with loopback.chief(make_oracle(found, budget="12")) as client:
        while (message := client.create_trial("a")).status == "RUNNING":
            end(client, message)
    run(tmp_path / "alone", budget="12")
    assert (tmp_path / "log").read_bytes() == (tmp_path / "alone").read_bytes()


def test_a_taken_port_is_one_line(found):
    with loopback.chief(make_oracle(found, budget="1")) as client:
        host, port = client.address.split(":")
        process = TunerProcess("chief", host, int(port))
        with pytest.raises(UserError, match=r"^The chief cannot listen at .*\)"):
            serve(make_oracle(found), process)
        end(client, client.create_trial("a"))
        assert client.create_trial("a").status == "STOPPED"
