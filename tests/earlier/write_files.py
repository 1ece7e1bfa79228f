"""Writes what later versions must read: `python -m tests.earlier.write_files NAME`.

For each kind of run a folder that was left after the first of two epochs, and a
`.keras` file of each kind of network. What a run can do without is left out.
"""

import contextlib
import pathlib
import shutil
import sys
import tempfile

import keras
import numpy as np

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.experiments.convolutional_evaluation import (
    experiment as convolutional_evaluation,
)
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.experiments.convolutional_search import experiment as convolutional_search
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.recurrent_evaluation import experiment as recurrent_evaluation
from darts_tf.experiments.recurrent_evaluation.config import LanguageConfig
from darts_tf.experiments.recurrent_search import experiment as recurrent_search
from darts_tf.experiments.recurrent_search.config import RecurrentSearchConfig
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.keras_file import save_model
from darts_tf.recurrent import EvaluationCell, LanguageModel
from darts_tf.runs import experiment
from darts_tf.runs.checkpoint import EpochCheckpoint
from tests.language_texts import GENOTYPE, WORDS, write_texts

# Resolved, because Bazel runs a test through links into the source tree.
FOLDER = pathlib.Path(__file__).resolve().parent
PRIMITIVES = ("none", "max_pool_3x3", "skip_connect", "sep_conv_3x3")
_CELL = Cell.from_lists([[("skip_connect", 0), ("sep_conv_3x3", 1)]], [2])
_SHORT = {
    "epochs": 2,
    "steps_per_epoch": 2,
    "intra_op_threads": 1,
    "inter_op_threads": 1,
}
_IMAGES = {
    "dataset": "digits",
    "layers": 3,
    "init_channels": 2,
    "batch_size": 16,
    "validation_steps": 2,
    **_SHORT,
}
_TEXTS = {
    "dataset": "ptb",
    "data_dir": ".",
    "hidden_size": 3,
    "batch_size": 8,
    "learning_rate": 0.1,
    **_SHORT,
}

# Class and settings of each kind of run; their files lie in the present folder.
RUNS = {
    "search": (
        convolutional_search.ConvolutionalSearch,
        SearchConfig(order="first", nodes=1, primitives=PRIMITIVES, **_IMAGES),
    ),
    "recurrent_search": (
        recurrent_search.RecurrentSearch,
        RecurrentSearchConfig(order="first", nodes=2, **_TEXTS),
    ),
    "image_training": (
        convolutional_evaluation.ConvolutionalEvaluation,
        ImageTrainingConfig(genotype="cells.json", auxiliary=False, **_IMAGES),
    ),
    "language_training": (
        recurrent_evaluation.RecurrentEvaluation,
        LanguageConfig(genotype="cell.json", **_TEXTS),
    ),
}
NETWORKS = ("search_network", "evaluation_network", "language_model")


def write_inputs(folder):
    """Writes the genotypes and the texts of `RUNS`."""
    Genotype(normal=_CELL, reduce=_CELL).save(folder / "cells.json")
    GENOTYPE.save(folder / "cell.json")
    write_texts(folder)


def make_networks():
    """Returns a built network of each kind, by its name in `NETWORKS`."""
    sizes = {"num_classes": 3, "init_channels": 2, "num_cells": 3}
    genotype = Genotype(normal=_CELL, reduce=_CELL)
    networks = {
        "search_network": SearchNetwork(num_nodes=1, primitives=PRIMITIVES, **sizes),
        "evaluation_network": EvaluationNetwork(genotype, auxiliary=False, **sizes),
        "language_model": LanguageModel(WORDS, EvaluationCell(3, GENOTYPE)),
    }
    for network in networks.values():
        is_text = isinstance(network, LanguageModel)
        network.build(*() if is_text else [(None, 8, 8, 1)])
    return networks


def outputs(network):
    """Returns what a network of `make_networks` makes of a fixed input."""
    random = np.random.default_rng(1)
    if not isinstance(network, LanguageModel):
        return network(random.normal(size=(2, 8, 8, 1)).astype("float32")).numpy()
    return network({"tokens": random.integers(0, WORDS, (2, 5))}).logits.numpy()


class _Interrupted(Exception):
    """Comes after the first epoch."""


class _EndAfterEpoch(EpochCheckpoint):
    def save(self, epoch):
        super().save(epoch)
        if epoch == 1 and self.folder.name == "checkpoints":
            raise _Interrupted


def write_run(folder, name):
    """Leaves a run after the first epoch; returns the metrics that both would have."""
    kind, config = RUNS[name]
    whole = kind(config).run(folder.parent / "whole" / name)
    experiment.EpochCheckpoint = _EndAfterEpoch
    with contextlib.suppress(_Interrupted):
        kind(config).run(folder)
    experiment.EpochCheckpoint = EpochCheckpoint
    unneeded = ("tensorboard", "cells", ".lock", "report.html")
    old = folder.glob("checkpoints/**/epoch_0000.*")
    for path in (*(folder / name for name in unneeded), *old):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    return (whole / "metrics.csv").read_text()


def write_files(folder):
    """Fills a folder."""
    folder.mkdir()
    configure_runtime(RUNS["search"][1])
    with tempfile.TemporaryDirectory() as temporary, contextlib.chdir(temporary):
        write_inputs(pathlib.Path())
        for name in RUNS:
            text = write_run(pathlib.Path(name), name)
            shutil.copytree(name, folder / name)
            (folder / name / "metrics_whole.csv").write_text(text)
    write_networks(folder)


def write_networks(folder):
    """Writes a `.keras` file of each kind of network, and what it computes."""
    results = {}
    keras.utils.set_random_seed(1)
    for name, network in make_networks().items():
        save_model(network, folder / f"{name}.keras")
        results[name] = outputs(network)
    np.savez_compressed(folder / "outputs.npz", **results)


if __name__ == "__main__":
    name = sys.argv.pop()
    write_files(FOLDER / name)
