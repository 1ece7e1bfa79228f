"""Trainings of the networks of the published tables, by the names of their rows."""

import json

import keras
import numpy as np
import pytest

import darts_tf as dt
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_evaluation import evaluation, model
from darts_tf.experiments.convolutional_evaluation.config import (
    IMAGENET,
    ImageTrainingConfig,
)
from darts_tf.experiments.convolutional_evaluation.data import ImageTrainingData
from darts_tf.experiments.convolutional_evaluation.experiment import (
    ConvolutionalEvaluation,
)
from darts_tf.experiments.convolutional_evaluation.results import read_training_run
from darts_tf.tasks.configuration import configured
from darts_tf.weights.saved_network import load_network
from darts_tf.zoo.networks import DenseNet
from tests.report.parsed_page import Page
from tests.zoo.small_rows import CELLS, PLAIN, registered

SETTINGS = {
    "dataset": "digits",
    "image_size": 8,
    "batch_size": 16,
    "steps_per_epoch": 2,
    "validation_steps": 1,
    "epochs": 2,
}


@pytest.fixture(autouse=True)
def small_rows(monkeypatch):
    registered(monkeypatch)


def config_of(row, **settings):
    settings = {**SETTINGS, "genotype": row.name, **settings}
    return configured(ImageTrainingConfig(), **settings)


def test_the_sizes_of_a_row_are_its_own():
    config = config_of(PLAIN)
    assert config.layers is config.init_channels is config.auxiliary is None
    assert config.drop_path_rate == 0 and config.row() is PLAIN
    given = config_of(CELLS, layers=3)
    assert given.layers == 3 and given.init_channels is None
    assert given.drop_path_rate == ImageTrainingConfig().drop_path_rate
    large = configured(IMAGENET, genotype="tiny_imagenet")
    assert large.layers is None and large.epochs == IMAGENET.epochs
    assert configured(IMAGENET).layers == 14
    assert config_of(CELLS, genotype="DARTS_V1").layers == 20


@pytest.mark.long
def test_a_network_without_cells(tmp_path):
    folder = ConvolutionalEvaluation(config_of(PLAIN)).run(tmp_path / "run")
    content = json.loads((folder / "config.json").read_text())
    assert "genotype" not in content
    assert content["settings"]["genotype"] == PLAIN.name
    run = read_training_run(folder)
    assert run.genotype is None and run.num_weights == content["num_weights"]
    assert dt.load(folder).metrics == run.metrics
    network = load_network(folder)
    assert isinstance(network, DenseNet) and network.image_channels == 1
    page = Page((folder / "report.html").read_text("utf-8"))
    assert PLAIN.title in page.text and "Cells" not in page.text
    metrics = evaluation.evaluate(config_of(PLAIN, weights=str(folder)))
    assert metrics["accuracy"] == pytest.approx(max(run.metrics["val_accuracy"]), 0.3)
    report = dt.export(folder, tmp_path / "served")
    assert "largest difference" in report
    # A training begins with weights of the same network, and with no others.
    config = config_of(PLAIN, weights=str(folder))
    data = ImageTrainingData(config)
    begun = model.make_model(config, None, data).network
    for new, old in zip(begun.weights, network.weights, strict=True):
        np.testing.assert_array_equal(new, old)
    other = config_of(CELLS, weights=str(folder))
    with pytest.raises(UserError, match=r"class DenseNet, but .* EvaluationNetwork"):
        model.make_model(other, None, data)


def test_a_run_that_was_cut_off_ends_with_the_same_bits(tmp_path):
    straight = ConvolutionalEvaluation(config_of(PLAIN)).run(tmp_path / "straight")

    class CutOff(ConvolutionalEvaluation):
        def callbacks(self):
            def stop(epoch, logs):
                if epoch == 1:
                    raise KeyboardInterrupt

            cut = keras.callbacks.LambdaCallback(on_epoch_begin=stop)
            return [*super().callbacks(), cut]

    with pytest.raises(KeyboardInterrupt):
        CutOff(config_of(PLAIN)).run(tmp_path / "cut")
    assert len((tmp_path / "cut" / "metrics.csv").read_text().splitlines()) == 2
    cut = ConvolutionalEvaluation(config_of(PLAIN)).run(tmp_path / "cut")
    weights = [load_network(folder).weights for folder in (straight, cut)]
    for old, new in zip(*weights, strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_network_of_cells(tmp_path):
    config = config_of(CELLS, init_channels=3, drop_path_rate=0.3, auxiliary=True)
    folder = ConvolutionalEvaluation(config).run(tmp_path / "run")
    run = read_training_run(folder)
    assert run.genotype == dt.Genotype.published("DARTS_V2")
    network = load_network(folder / "model_latest.keras")
    assert network.init_channels == 3 and network.num_cells == 1
    assert network.auxiliary and float(network.drop_path_rate) == pytest.approx(0.15)
    page = Page((folder / "report.html").read_text("utf-8"))
    assert CELLS.title in page.text and "Cells" in page.text


@pytest.mark.parametrize(
    "name, settings, message",
    [
        ("tiny_dense_cifar10", {"layers": 3}, "no network with `layers`=3"),
        ("tiny_dense_cifar10", {"auxiliary": True}, "`auxiliary`=True"),
        ("tiny_dense_cifar10", {"drop_path_rate": 0.1}, "no paths to drop"),
        ("tiny_dense_cifar10", {"genotype_epoch": 2}, "is a row of the tables"),
        ("tiny_dense_cifar10", {"space": "s1"}, "is a whole network"),
        ("tiny_dense_cifar10", {"init_channels": 5}, "`init_channels`=5"),
        ("tiny_imagenet", {}, "a network for imagenet2012; those for cifar10 are"),
        ("secret_cifar10", {}, "not public: No cell was published"),
    ],
)
def test_settings_that_do_not_fit(tmp_path, name, settings, message):
    settings = {**SETTINGS, "genotype": name, **settings}
    with pytest.raises(UserError, match=message) as caught:
        config = configured(ImageTrainingConfig(), **settings)
        ConvolutionalEvaluation(config).run(tmp_path / "run")
    assert "\n" not in str(caught.value) and not (tmp_path / "run").exists()


def test_images_that_are_too_small(tmp_path):
    settings = {**SETTINGS, "genotype": "tiny_imagenet", "image_size": 16}
    config = configured(IMAGENET, **settings)
    with pytest.raises(UserError, match="halves them 5 times; give `image_size`=32"):
        ConvolutionalEvaluation(config).run(tmp_path / "run")


def test_only_a_row_has_sizes_of_its_own():
    with pytest.raises(UserError, match="unless `genotype` is a row"):
        ImageTrainingConfig(layers=None)
