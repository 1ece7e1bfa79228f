import numpy as np
import pytest

from darts_tf.experiments.convolutional_baseline import trial
from darts_tf.experiments.convolutional_baseline.config import BaselineConfig
from darts_tf.experiments.convolutional_baseline.data import BaselineData
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.convolutional_search.data import SearchData
from darts_tf.runs.stop_at_nan import NotFiniteError

SMALL = {
    "dataset": "digits",
    "layers": 2,
    "init_channels": 2,
    "nodes": 1,
    "epochs": 2,
    "steps_per_epoch": 3,
    "batch_size": 16,
    "auxiliary": False,
}
CONFIG = BaselineConfig(**SMALL)


@pytest.fixture(scope="module")
def data():
    return BaselineData(CONFIG)


def genotype():
    return CONFIG.make_strategy(CONFIG.checked_space()).ask()


@pytest.fixture(scope="module")
def outcome(data):
    """Of a trial of `genotype`."""
    return trial.outcome_of(CONFIG, data, 1, genotype())


def test_the_halves_are_those_of_a_search(data):
    search = SearchData(SearchConfig(dataset="digits", batch_size=16))
    assert data.fingerprint() == search.fingerprint()


def test_the_batches_follow_from_the_seed_of_the_trial(data):
    def first(seed):
        ((images, labels),) = data.training_batches(seed).take(1)
        return images.numpy(), labels.numpy()

    assert len(list(data.training_batches(1))) == 6
    for one, other in zip(first(1), first(1)):
        np.testing.assert_array_equal(one, other)
    assert (first(1)[0] != first(2)[0]).any()


def test_a_trial(data, outcome, monkeypatch):
    assert outcome["steps"] == 6 and outcome["seconds"] > 0
    metrics = outcome["metrics"]
    names = {"loss", "val_loss", "val_accuracy", "num_weights", "peak_memory_gb"}
    assert (
        metrics.keys() == {*names, *CONFIG.scores}
        and outcome["score"] == metrics["val_accuracy"]
    )
    assert 0 <= outcome["score"] <= 1 and metrics["num_weights"] > 100

    def spoilt(*_):
        raise NotFiniteError("the loss is nan")

    monkeypatch.setattr(trial, "_fit", spoilt)
    guessed = trial.outcome_of(CONFIG, data, 1, genotype())
    assert guessed["score"] == 0.1 and guessed["steps"] == 0


def test_scores_change_nothing_in_the_training(data, outcome):
    config = BaselineConfig(**SMALL, scores=())
    with_scores = outcome["metrics"]
    without = trial.outcome_of(config, data, 1, genotype())["metrics"]
    assert not without.keys() & set(CONFIG.scores)
    for name in ("loss", "val_loss"):
        assert with_scores[name] == without[name]


def test_networks_are_measured_as_those_of_trials(data, outcome):
    first, second = trial.scores_of(CONFIG, data, "synflow", [genotype(), genotype()])
    assert first == second > 0
    (counted,) = trial.scores_of(CONFIG, data, "multiply_adds", [genotype()])
    assert counted == outcome["metrics"]["multiply_adds"]


@pytest.mark.long
def test_a_loss_that_is_no_number_is_noticed(data):
    config = BaselineConfig(**SMALL, learning_rate=1e30, gradient_clip=1e30)
    found = trial.outcome_of(config, data, 1, genotype())
    assert found["score"] == 0.1 and 0 < found["steps"] < 6
