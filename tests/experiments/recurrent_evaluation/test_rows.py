"""Trainings of networks of the tables: settings, files, and the same bits again."""

import dataclasses
import json

import numpy as np
import pytest

from darts_tf.errors import UserError
from darts_tf.experiments.recurrent_evaluation import evaluation, model
from darts_tf.experiments.recurrent_evaluation.config import PTB, LanguageConfig
from darts_tf.experiments.recurrent_evaluation.experiment import RecurrentEvaluation
from darts_tf.experiments.recurrent_evaluation.results import read_language_run
from darts_tf.runs.run_config import RunFolderError
from darts_tf.tasks.configuration import configured
from darts_tf.weights.saved_language_model import load_language_model
from darts_tf.zoo import get_row
from tests.language_texts import write_texts
from tests.trainers.trainer_process import metrics

SMALL = {
    "hidden_size": 4,
    "batch_size": 3,
    "valid_batch_size": 2,
    "sequence_length": 5,
    "steps_per_epoch": 1,
    "epochs": 1,
}


def make_config(folder, row="awd_lstm_ptb", **settings):
    data = str(write_texts(folder / "text", (20, 6, 4)))
    return configured(PTB, genotype=row, data_dir=data, **{**SMALL, **settings})


def test_a_row_settles_defaults_and_a_user_overrules_them(tmp_path):
    config = make_config(tmp_path, dropout_hidden=0.2)
    row = get_row("awd_lstm_ptb")
    assert (config.learning_rate, config.slowness) == (30.0, 1.0)
    assert config.dropout == dataclasses.replace(row.build().dropout, hidden=0.2)
    assert config.hidden_size == 4
    assert configured(PTB, genotype="mos_ptb").hidden_size == 960
    assert configured(PTB, genotype="DARTS_V1") == LanguageConfig(genotype="DARTS_V1")
    with pytest.raises(UserError, match="is a network for cifar10"):
        configured(PTB, genotype="darts_v2_cifar10")
    config = dataclasses.replace(config, genotype_epoch=2)
    with pytest.raises(UserError, match=r"`genotype_epoch`=2 .* row of the tables"):
        RecurrentEvaluation(config).run(tmp_path / "run")


@pytest.fixture(scope="module")
def straight(tmp_path_factory):
    """Configuration and folder of a training of one step."""
    folder = tmp_path_factory.mktemp("straight")
    config = make_config(folder)
    return config, RecurrentEvaluation(config).run(folder / "run")


def test_what_a_training_leaves(straight):
    config, folder = straight
    run, network = read_language_run(folder), load_language_model(folder)
    assert run.genotype is None and run.settings["genotype"] == "awd_lstm_ptb"
    assert [cell.units for cell in network.cells] == [4, 4, 400]
    assert network.drops_kernels and network.dropout == config.dropout
    assert np.isfinite(run.test_perplexity)
    page = (folder / "report.html").read_text()
    assert "awd_lstm_ptb" in page and "Network</h2>" in page
    evaluated = evaluation.evaluate(dataclasses.replace(config, weights=str(folder)))
    np.testing.assert_allclose(evaluated[1], run.test_perplexity, rtol=1e-6)


@pytest.mark.long
def test_an_interrupted_training_ends_with_the_same_bits(tmp_path, monkeypatch):
    config = make_config(tmp_path, steps_per_epoch=2, epochs=2)
    folder = RecurrentEvaluation(config).run(tmp_path / "straight")
    fit_epoch = RecurrentEvaluation.fit_epoch

    def killed_in_the_second(run, epoch, *arguments):
        if epoch == 1:
            raise InterruptedError
        return fit_epoch(run, epoch, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(RecurrentEvaluation, "fit_epoch", killed_in_the_second)
        with pytest.raises(InterruptedError):
            RecurrentEvaluation(config).run(tmp_path / "run")
    again = RecurrentEvaluation(config).run(tmp_path / "run")
    assert metrics(again) == metrics(folder)
    for name in ("model_best.keras", "model_latest.keras"):
        first, second = (load_language_model(path / name) for path in (folder, again))
        for a, b in zip(first.weights, second.weights, strict=True):
            np.testing.assert_array_equal(a, b)
    name = "results.json"
    assert (folder / name).read_bytes() == (again / name).read_bytes()


@pytest.mark.parametrize("name", ["DARTS_V2", ["awd_lstm_ptb"]])
def test_a_run_of_no_row_needs_its_genotype(straight, tmp_path, name):
    for file in straight[1].glob("*.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    config["settings"]["genotype"] = name
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(RunFolderError, match=r"config\.json is damaged"):
        read_language_run(tmp_path)


def test_a_row_of_a_cell_has_its_genotype(tmp_path):
    config = make_config(tmp_path, "enas_ptb", hidden_size=3)
    run = RecurrentEvaluation(config)
    run.prepare()
    assert run.genotype == run.genotype.published("ENAS")
    network = model.make_network(config, None, vocabulary_size=9)
    assert network.cell.units == 3 and network.dropout == config.dropout
