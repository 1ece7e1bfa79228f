import concurrent.futures

import pytest

from darts_tf.errors import UserError
from darts_tf.experiments.by_trials import trained_trials
from darts_tf.experiments.by_trials.trained_trials import TrainedTrials
from darts_tf.experiments.convolutional_baseline.config import BaselineConfig
from darts_tf.fresh_process import FreshProcesses
from darts_tf.genotype import Genotype
from darts_tf.trials.history import AskedTrial, Outcome
from tests.experiments import toy_trials

CELLS = Genotype.published("DARTS_V1")


@pytest.fixture
def processes():
    with FreshProcesses(uses_keras=False) as found:
        yield found


def trials(processes, describe=toy_trials.describe, **settings):
    return TrainedTrials(
        BaselineConfig(**settings), describe, toy_trials.train, processes
    )


def test_a_process_gets_the_settings_and_one_device(processes):
    found = trials(processes, layers=3, devices=("0", "1"), workers=2, seed=9)
    known = found.describe()
    assert known["fingerprint"] == {"layers": 3}
    config = BaselineConfig(**known["data"])
    assert (config.strategy, config.devices, config.seed) == ("single", (), 9)
    outcome = found(AskedTrial(4, CELLS, epochs=7))
    metrics = {"device": -1, "kept": 1.0, "epochs": 7, "val_accuracy": 0.4}
    assert outcome == Outcome(0.4, steps=3, seconds=2.0, metrics=metrics)


def test_trials_at_a_time_are_on_different_devices(processes, monkeypatch):
    monkeypatch.setattr(
        trained_trials,
        "device_environments",
        lambda numbers, count: [{"CUDA_VISIBLE_DEVICES": x} for x in numbers],
    )
    found = trials(processes, devices=("3", "5"), workers=2)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        asked = [AskedTrial(number, CELLS) for number in (1, 2)]
        devices = [x.metrics["device"] for x in pool.map(found, asked)]
    assert sorted(devices) == [3, 5]


def test_what_is_wrong_with_the_data_is_one_line(processes):
    with pytest.raises(UserError, match=r"^`dataset`=none"):
        trials(processes, toy_trials.refuse).describe()
