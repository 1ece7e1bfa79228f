"""Commands of trainers that run for seconds, and the files that they read."""

from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype
from tests.language_texts import GENOTYPE, write_texts
from trainers import (
    baseline,
    baseline_rnn,
    eval_cifar,
    eval_imagenet,
    eval_ptb,
    eval_wikitext2,
    search,
    search_rnn,
)

EPOCHS = 3
_CELL = Cell.from_lists([[("sep_conv_3x3", 0), ("skip_connect", 1)]], [2])
CELLS = Genotype(normal=_CELL, reduce=_CELL)
_IMAGES = (
    "--dataset=digits",
    "--init_channels=2",
    "--batch_size=16",
    "--steps_per_epoch=8",
    "--validation_steps=2",
)
_TEXTS = (
    "--dataset=ptb",
    "--data_dir={inputs}/texts",
    "--hidden_size=8",
    "--batch_size=4",
    "--valid_batch_size=2",
    "--sequence_length=6",
    "--steps_per_epoch=8",
)
_TRAINING = ("--genotype={inputs}/cells.json", "--layers=2", *_IMAGES)
_LANGUAGE = ("--genotype={inputs}/cell.json", "--averaging_patience=0", *_TEXTS)
_SEARCH = ("--order=first", "--layers=2", "--nodes=1", *_IMAGES)
TRAINERS = {
    search: (*_SEARCH, "--primitives=none,skip_connect,sep_conv_3x3"),
    search_rnn: ("--order=first", "--nodes=1", *_TEXTS),
    eval_cifar: _TRAINING,
    eval_imagenet: (*_TRAINING, "--image_size=32"),
    eval_ptb: _LANGUAGE,
    eval_wikitext2: (*_LANGUAGE, "--vocabulary_size=10"),
}
# Searches by trials, whose processes are killed in tests of their own.
RIVALS = {
    baseline: ("--budget=2", "--layers=2", "--nodes=1", "--noauxiliary", *_IMAGES),
    baseline_rnn: ("--budget=2", "--nodes=1", *_TEXTS),
}
# Methods of the search: one that draws, and one that does in two stages. In both alpha
# moves from the first epoch of a stage on.
_PRIMITIVES = "--primitives=avg_pool_3x3,skip_connect,sep_conv_3x3"
METHODS = {
    "drnas": (*_SEARCH, _PRIMITIVES, "--method=drnas"),
    "drnas_progressive": (
        *_SEARCH,
        _PRIMITIVES,
        "--method=drnas_progressive",
        "--frozen_epochs=0",
        "--init_channels=4",
        "--partial_channels=2",
        "--stage_epochs=1",
        "--stage_operations=2",
        "--stage_partial_channels=1",
    ),
}


def write_inputs(folder):
    """Writes the texts and genotypes that the commands name; returns the folder."""
    write_texts(folder / "texts")
    CELLS.save(folder / "cells.json")
    GENOTYPE.save(folder / "cell.json")
    return folder


def name_of(trainer):
    """Name of a module of `trainers`, without the package."""
    return trainer.__name__.removeprefix("trainers.")


def tiny_command(trainer, inputs, epochs=EPOCHS):
    """Returns the flags of a run, without its folder.

    Args:
        trainer: Module, one of `TRAINERS` or `RIVALS`, or name of one of `METHODS` of
            `search`.
        inputs: Folder that `write_inputs` has filled.
        epochs: Number of epochs.
    """
    flags = {**TRAINERS, **RIVALS, **METHODS}[trainer]
    return (*(flag.format(inputs=inputs) for flag in flags), f"--epochs={epochs}")
