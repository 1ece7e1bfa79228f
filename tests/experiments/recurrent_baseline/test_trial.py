import math

import pytest

from darts_tf.experiments.recurrent_baseline import trial
from darts_tf.experiments.recurrent_baseline.config import RecurrentBaselineConfig
from darts_tf.experiments.recurrent_evaluation.config import LanguageConfig
from darts_tf.experiments.recurrent_evaluation.data import LanguageData
from darts_tf.experiments.recurrent_search.config import RecurrentSearchConfig
from darts_tf.runs.stop_at_nan import NotFiniteError
from darts_tf.settings import values_of
from tests.language_texts import write_texts

SMALL = {
    "nodes": 2,
    "hidden_size": 6,
    "batch_size": 4,
    "valid_batch_size": 2,
    "sequence_length": 6,
    "steps_per_epoch": 3,
    "epochs": 2,
}


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    folder = write_texts(tmp_path_factory.mktemp("text") / "text")
    return RecurrentBaselineConfig(dataset=str(folder), **SMALL)


def genotype(config):
    return config.make_strategy(config.checked_space()).ask()


def test_a_trial_is_the_training_of_the_paper_but_shorter():
    config = RecurrentBaselineConfig()
    training = values_of(config.training_config(2))
    usual = values_of(LanguageConfig())
    differ = {name for name, value in usual.items() if training[name] != value}
    assert differ == {"epochs", "seed", "genotype"} and config.budget == "8"
    for name in ("nodes", "activations", "seed"):
        assert getattr(config, name) == getattr(RecurrentSearchConfig(), name)


@pytest.mark.long
def test_a_trial(config, monkeypatch):
    training, cell = config.training_config(1), genotype(config)
    data = LanguageData(training)
    found = trial.outcome_of(training, data, cell)
    assert found["steps"] == 6
    metrics = found["metrics"]
    assert found["score"] == -metrics["val_loss"] < 0
    assert metrics["val_perplexity"] == math.exp(metrics["val_loss"])

    def spoilt(*_, **__):
        raise NotFiniteError("the loss is nan")

    monkeypatch.setattr(trial.LanguageValidation, "on_epoch_end", spoilt)
    guessed = trial.outcome_of(training, data, cell)
    assert guessed["score"] == -math.log(data.vocabulary_size)
