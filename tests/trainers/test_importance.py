"""The binary, on a search that is made here."""

import csv

import numpy as np
import pytest

from darts_tf.convolutional.forms.form import EDGES
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_search.experiment import ConvolutionalSearch
from darts_tf.experiments.importance import (
    ImportanceConfig,
    SearchedModel,
    importance_of_run,
    measure_importance,
)
from darts_tf.experiments.recurrent_search.config import RecurrentSearchConfig
from darts_tf.experiments.recurrent_search.experiment import RecurrentSearch
from tests.earlier.write_files import FOLDER
from tests.experiments.small_searches import SMALL
from tests.experiments.synthetic_run import write_run
from tests.experiments.synthetic_training import write_training
from tests.language_texts import write_texts
from tests.trainers import trainer_process
from trainers import importance


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return ConvolutionalSearch(SMALL).run(tmp_path_factory.mktemp("search") / "run")


def test_a_table_and_pictures(folder):
    result = trainer_process.run(importance, f"--run={folder}", "--batches=2")
    assert result.returncode == 0, result.stderr
    assert "After epoch 2: accuracy" in result.stdout
    with open(folder / "importance" / "operations.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    # Two edges of three operations, in two kinds of cells.
    assert len(rows) == 12
    for row in rows:
        assert 0 <= float(row["accuracy_without"]) <= 1
        if row["operation"] == "none":
            assert float(row["lost"]) == 0
    assert sum(float(row["strength"]) for row in rows) == pytest.approx(4)
    for kind in ("normal", "reduce"):
        for suffix in ("svg", "png"):
            path = folder / "importance" / f"{kind}.{suffix}"
            assert path.stat().st_size > 1000 and str(path) in result.stdout


def test_it_is_that_of_the_last_checkpoint(folder):
    searched = SearchedModel(folder)
    searched.open()
    alphas = np.load(folder / "alphas" / "epoch_002.npz")
    for kind, alpha in zip(("normal", "reduce"), searched.model.network.alphas):
        np.testing.assert_array_equal(alpha, alphas[kind])
    found = measure_importance(searched, 1)
    assert found.epoch == 2 and found.measure == "accuracy"
    whole = found.whole["accuracy"]
    np.testing.assert_allclose(found.losses("normal")[:, 0], 0, atol=1e-7)
    lost = whole - found.without["normal"]["accuracy"]
    np.testing.assert_allclose(found.losses("normal"), lost)
    assert 0 <= found.agreement("normal") <= 1
    assert all(" on " in name for name in found.most_missed("normal"))


@pytest.mark.long
def test_a_recurrent_search_loses_in_its_loss(tmp_path):
    write_texts(tmp_path / "texts")
    config = RecurrentSearchConfig(
        dataset="ptb",
        data_dir=str(tmp_path / "texts"),
        order="first",
        hidden_size=6,
        nodes=2,
        batch_size=4,
        valid_batch_size=2,
        sequence_length=6,
        steps_per_epoch=2,
        epochs=1,
        eigenvalue="log",
    )
    folder = RecurrentSearch(config).run(tmp_path / "run")
    searched = SearchedModel(folder)
    searched.open()
    found = measure_importance(searched, None)
    assert found.measure == "loss" and set(found.whole) == {"loss"}
    expected = searched.model.evaluate(
        searched.data.validation_batches(), return_dict=True, verbose=0
    )
    assert found.whole["loss"] == pytest.approx(expected["loss"], rel=1e-5)
    assert np.abs(found.losses("recurrent")).max() > 0


def test_what_is_no_search_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"config\.json"):
        importance_of_run(ImportanceConfig(str(tmp_path)))
    folder = write_training(tmp_path / "training", 2)
    with pytest.raises(UserError, match="is no search"):
        importance_of_run(ImportanceConfig(str(folder)))


def test_a_search_without_a_checkpoint_is_refused(tmp_path):
    folder = write_run(tmp_path / "search", 2)
    with pytest.raises(UserError, match="has no checkpoint"):
        importance_of_run(ImportanceConfig(str(folder)))


def test_an_earlier_search_is_opened_as_it_was_begun():
    assert SearchedModel(FOLDER / "with_fingerprint" / "search").config.form == EDGES
