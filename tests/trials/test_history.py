import json

import pytest

from darts_tf.rivals import Strategy, strategy_names
from darts_tf.runs.run_config import RunFolderError
from darts_tf.trials.budget import Spent
from darts_tf.trials.history import Outcome, TrialHistory
from darts_tf.trials.trial_log import TrialLog
from tests.rivals.small_spaces import EDGES, SHORT
from tests.trials.toy_search import history, outcome, run

METHODS = [name for name in strategy_names() if name in SHORT]


@pytest.mark.parametrize("method", METHODS)
def test_cut_off_after_any_line_it_ends_with_the_same_log(tmp_path, method):
    run(tmp_path / "whole", method, budget="30")
    whole = (tmp_path / "whole").read_bytes()
    lines = whole.splitlines(keepends=True)
    assert len(lines) == 60
    for done in (0, 7, 30, 59):
        path = tmp_path / "cut"
        half = lines[done][: len(lines[done]) // 2]
        path.write_bytes(b"".join(lines[:done]) + half)
        run(path, method, budget="30")
        assert path.read_bytes() == whole


def test_several_that_were_asked_for_are_tried_again(tmp_path):
    found = history(tmp_path / "log")
    trials = [found.ask() for _ in range(3)]
    found.tell(2, outcome(trials[1]))
    again = history(tmp_path / "log")
    assert again.pending == [trials[0], trials[2]]
    assert again.genotypes == found.genotypes and again.outcomes == found.outcomes
    assert again.ask() == found.ask()


class Hesitant(Strategy):
    """Draws a genotype, and keeps every third one for itself."""

    name, _draws = "hesitant", 0

    def _propose(self):
        self._draws += 1
        genotype = self.space.sample(self._rng)
        return genotype if self._draws % 3 else None


def test_what_was_asked_in_vain_has_moved_the_strategy(tmp_path):
    def read():
        return TrialHistory(Hesitant(EDGES, 1), TrialLog(tmp_path / "log"))

    found = read()
    for _ in range(7):
        trial = found.ask()
        if trial is None:
            found.tell(len(found.genotypes), Outcome(0.5))
    assert [*found.outcomes] == [2, 4]
    again = read()
    assert again.genotypes == found.genotypes and again.pending == found.pending
    assert [again.ask() for _ in range(4)] == [found.ask() for _ in range(4)]
    assert read().genotypes == found.genotypes


def test_what_was_spent_and_the_best(tmp_path):
    found = history(tmp_path / "log")
    assert found.spent == Spent() and found.best is None
    for score in (0.5, 0.7, 0.7):
        trial = found.ask()
        found.tell(trial.number, Outcome(score, steps=4, seconds=1.5))
    found.ask()
    assert found.spent == Spent(trials=4, steps=12, seconds=4.5) and found.best == 2


def test_the_first_of_equals_is_the_best_however_they_were_told(tmp_path):
    found = history(tmp_path / "log")
    for _ in range(3):
        found.ask()
    for number in (3, 2, 1):
        found.tell(number, Outcome(0.5))
    assert found.best == 1


def test_what_is_no_number_was_not_measured():
    metrics = {"a": float("nan"), "b": float("inf"), "c": None, "d": 2}
    found = Outcome(1.0, metrics=metrics).metrics
    assert found == {"a": None, "b": None, "c": None, "d": 2}


def rewritten(path, change):
    """Writes a log anew, with right checksums, of changed events."""
    events = TrialLog(path).events
    path.unlink()
    log = TrialLog(path)
    for event in change(events):
        log.append(event)


CHANGES = {
    "another genotype": lambda x: [{**x[0], "genotype": x[2]["genotype"]}, *x[1:]],
    "another score": lambda x: [x[0], {**x[1], "score": 9.0}, *x[2:]],
    "told twice": lambda x: [*x[:2], x[1], *x[2:]],
    "told and not asked": lambda x: [{**x[1], "told": 2}, *x],
    "asked twice": lambda x: [x[0], *x],
    "asked in vain": lambda x: [{**x[0], "asked_in_vain": 1}, *x[1:]],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_another_history_than_that_of_the_strategy_is_refused(tmp_path, change):
    run(tmp_path / "log", "local", budget="30")
    rewritten(tmp_path / "log", change)
    with pytest.raises(RunFolderError, match=r"log is damaged: .*strategy local does"):
        history(tmp_path / "log", "local")


def test_another_seed_is_another_history(tmp_path):
    run(tmp_path / "log", budget="3")
    with pytest.raises(RunFolderError, match="line 1"):
        history(tmp_path / "log", seed=2)


def test_the_log_can_be_read(tmp_path):
    run(tmp_path / "log", budget="1")
    asked, told = map(json.loads, (tmp_path / "log").read_text().splitlines())
    assert asked["asked"] == 1 and asked["genotype"]["format"]
    assert told["told"] == 1 and told["metrics"] == {"weights": 1}
