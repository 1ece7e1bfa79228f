import dataclasses
import json
import pathlib
import types

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_evaluation import evaluation, network
from darts_tf.experiments.convolutional_evaluation.config import (
    IMAGENET,
    ImageTrainingConfig,
)
from darts_tf.experiments.convolutional_evaluation.experiment import (
    ConvolutionalEvaluation,
)
from darts_tf.experiments.convolutional_evaluation.results import CONFIG_FORMAT
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.keras_file import save_model
from darts_tf.runs import prepared_run
from darts_tf.runs.run_folder import RunFolder

SMALL = ImageTrainingConfig(
    dataset="digits", layers=2, init_channels=2, batch_size=16, epochs=1
)


def save_genotype(path, primitive):
    cell = Cell.from_lists([[(primitive, 0), ("skip_connect", 1)]], [2])
    Genotype(cell, cell).save(path)
    return str(path)


def save_digits_network(path, **arguments):
    cell = Cell.from_lists([[("sep_conv_3x3", 0), ("skip_connect", 1)]], [2])
    arguments = {"num_classes": 10, "init_channels": 2, "num_cells": 2, **arguments}
    network = EvaluationNetwork(Genotype(cell, cell), **arguments)
    network.build((None, 8, 8, 1))
    save_model(network, path)
    return str(path)


def test_parts_of_a_batch_are_for_one_device(tmp_path, monkeypatch):
    strategy = types.SimpleNamespace(num_replicas_in_sync=2)
    monkeypatch.setattr(prepared_run, "make_strategy", lambda config: strategy)
    genotype = save_genotype(tmp_path / "genotype.json", "skip_connect")
    config = dataclasses.replace(SMALL, genotype=genotype, accumulation_steps=2)
    with pytest.raises(UserError, match=r"`accumulation_steps`.*`strategy=single`"):
        ConvolutionalEvaluation(config).run(tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"genotype": "DARTS_V9"}, "DARTS_V9"),
        ({"genotype": "{unknown}"}, "unknown.json: .* unknown primitive, .*'my_own'"),
        ({"genotype": "{genotype}", "primitive_modules": ("none_such",)}, "none_such"),
        ({"genotype": "{genotype}", "stem": "imagenet"}, "give `image_size`=32"),
        (
            {"genotype": "{genotype}", "stem": "imagenet", "space": "nasbench201"},
            "has no network with `stem`=imagenet; give `stem=cifar`",
        ),
        ({"genotype": "{genotype}", "batch_size": 1500}, "fewer than `batch_size`"),
        ({"genotype": "{genotype}", "weights": "{weights}"}, "tensor .* needs"),
    ],
)
def test_what_stops_a_training_before_it_begins(tmp_path, settings, message):
    names = {
        "genotype": save_genotype(tmp_path / "genotype.json", "sep_conv_3x3"),
        "unknown": save_genotype(tmp_path / "unknown.json", "my_own"),
        "weights": save_digits_network(tmp_path / "model.keras", init_channels=3),
    }
    settings = {
        name: value.format(**names) if isinstance(value, str) else value
        for name, value in settings.items()
    }
    if "stem" in settings:
        settings["cutout"] = False
    config = dataclasses.replace(SMALL, **settings)
    with pytest.raises(UserError, match=message):
        ConvolutionalEvaluation(config).run(tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_training_and_evaluating(tmp_path):
    genotype = save_genotype(tmp_path / "genotype.json", "sep_conv_3x3")
    config = dataclasses.replace(
        SMALL,
        genotype=genotype,
        precision="mixed_float16",
        accumulation_steps=2,
        steps_per_epoch=2,
        schedule="exponential",
        weights=save_digits_network(tmp_path / "model.keras"),
    )
    folder = ConvolutionalEvaluation(config).run(tmp_path / "run")
    lines = (folder / "metrics.csv").read_text().splitlines()
    row = dict(zip(*(line.split(",") for line in lines)))
    config = dataclasses.replace(config, weights=str(folder))
    metrics = evaluation.evaluate(config)
    for name in ("loss", "accuracy", "top_5_accuracy"):
        assert metrics[name] == pytest.approx(float(row[f"val_{name}"]), rel=1e-3)


def test_a_run_of_other_settings_is_refused(tmp_path):
    genotype = save_genotype(tmp_path / "genotype.json", "sep_conv_3x3")
    config = dataclasses.replace(SMALL, genotype=genotype)
    folder = RunFolder(tmp_path / "run", CONFIG_FORMAT)
    folder.write_config(
        dataclasses.asdict(config),
        data={},
        versions={},
        num_weights=1,
        command="",
        genotype=json.loads(pathlib.Path(genotype).read_text()),
    )
    with pytest.raises(UserError, match="seed: 0 there, 3 now"):
        ConvolutionalEvaluation(dataclasses.replace(config, seed=3)).run(folder.path)
    save_genotype(genotype, "dil_conv_3x3")
    with pytest.raises(UserError, match="another genotype"):
        ConvolutionalEvaluation(config).run(folder.path)
    assert [path.name for path in folder.path.iterdir()] == ["config.json"]


def test_nan_keeps_the_last_good_state(tmp_path):
    config = dataclasses.replace(
        SMALL,
        genotype=save_genotype(tmp_path / "genotype.json", "sep_conv_3x3"),
        learning_rate=1e30,
        steps_per_epoch=4,
    )
    with pytest.raises(UserError, match=r"(nan|inf) at step"):
        ConvolutionalEvaluation(config).run(tmp_path / "run")
    checkpoint = str(tmp_path / "run" / "checkpoints" / "epoch_0000")
    reader = tf.train.load_checkpoint(checkpoint)
    for name, dtype in reader.get_variable_to_dtype_map().items():
        if dtype.is_floating:
            assert np.isfinite(reader.get_tensor(name)).all()


@pytest.mark.parametrize(
    "arguments, message",
    [
        (None, "evaluation needs `weights`"),
        ({"num_classes": 7}, r"for 7 classes .* has 10"),
    ],
)
def test_what_stops_an_evaluation(tmp_path, arguments, message):
    weights = None
    if arguments:
        weights = save_digits_network(tmp_path / "model.keras", **arguments)
    config = dataclasses.replace(SMALL, weights=weights)
    with pytest.raises(UserError, match=message):
        evaluation.evaluate(config)


@pytest.mark.parametrize(
    "config, size, fits",
    [
        (ImageTrainingConfig(), 4, True),
        (ImageTrainingConfig(), 3, False),
        (ImageTrainingConfig(layers=1), 2, True),
        (IMAGENET, 32, True),
        (IMAGENET, 31, False),
    ],
)
def test_the_smallest_image(config, size, fits):
    if fits:
        network.check_image_size(config, (size, size + 9, 3))
    else:
        with pytest.raises(UserError, match=f"{size + 9} x {size} pixels"):
            network.check_image_size(config, (size + 9, size, 3))
