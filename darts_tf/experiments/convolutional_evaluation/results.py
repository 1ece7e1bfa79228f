"""The folder that a training on images leaves, read back as data."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from darts_tf.genotype.cells_genotype import ImageGenotype
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.run_layout import CONFIG_FILE, PREDICTIONS_FILE
from darts_tf.runs import run_files
from darts_tf.runs.metrics_table import columns_of_run
from darts_tf.runs.run_config import damaged, read_config
from darts_tf.zoo.registry import is_row

CONFIG_FORMAT = "darts_tf.image_training"
_TOP_5_COLUMNS = ("top_5_accuracy", "val_top_5_accuracy")
COLUMNS = columns_of_run(
    "loss",
    "accuracy",
    "top_5_accuracy",
    "val_loss",
    "val_accuracy",
    "val_top_5_accuracy",
    "images_per_second",
)
_MISTAKES = ("images", "image_labels", "image_predictions", "image_probabilities")


@dataclass(frozen=True)
class Mistakes:
    """Images of the validation that the network took for another class.

    Attributes:
        images: uint8, shape `(count, height, width, channels)`, 1 or 3 channels.
        labels: Shape `(count,)`, their classes.
        predictions: Shape `(count,)`, the classes that the network took them for.
        probabilities: Shape `(count,)`, how sure it was.
    """

    images: np.ndarray
    labels: np.ndarray
    predictions: np.ndarray
    probabilities: np.ndarray


@dataclass(frozen=True)
class TrainingRun(run_files.Run):
    """What a training has written so far, beside what every run writes.

    Attributes:
        genotype: The `Genotype` of the network, or the `CellsGenotype`; `None` for a
            row of the tables whose network has no cells.
        labels: Shape `(images,)`, the classes of the validation images.
        predictions: Shape `(images,)`, what the network of the best epoch made of them.
        mistakes: Some `Mistakes` among them.
    """

    SCORE = ("val_accuracy", max)

    genotype: SavedGenotype | None
    labels: np.ndarray
    predictions: np.ndarray
    mistakes: Mistakes


def columns_for(num_classes: int) -> list[str]:
    """Returns the columns of a training; fewer than six classes have no top 5."""
    left_out = () if num_classes > 5 else _TOP_5_COLUMNS
    return [name for name in COLUMNS if name not in left_out]


def read_training_run(run_folder: str | os.PathLike) -> TrainingRun:
    """Reads the folder of a training on images, finished or not.

    Args:
        run_folder: The folder, with at least one epoch in it.

    Returns:
        The `TrainingRun`.

    Raises:
        RunFolderError: If a file is missing or damaged; the message names it.
    """
    folder = Path(run_folder)
    columns = columns_for(0)
    if _is_of_cells(folder):
        run = run_files.read_training(folder, CONFIG_FORMAT, columns, ImageGenotype)
    else:
        run = run_files.read_run(folder, CONFIG_FORMAT, columns) | {"genotype": None}
    class_names = run["data"].get("class_names")
    if not isinstance(class_names, list) or not class_names:
        expected = '"class_names", a list of names, in "data"'
        raise damaged(folder / CONFIG_FILE, expected, class_names)
    path = folder / PREDICTIONS_FILE
    arrays = run_files.read_arrays(path, ("labels", "predictions", *_MISTAKES))
    _check(path, arrays, len(class_names))
    mistakes = Mistakes(*(arrays.pop(name) for name in _MISTAKES))
    return TrainingRun(**run, **arrays, mistakes=mistakes)


def _is_of_cells(folder):
    """Whether the network of a run has cells, as all have but some rows of tables."""
    if not folder.is_dir():
        return True
    config = read_config(folder, CONFIG_FORMAT)
    return "genotype" in config or not is_row(config["settings"].get("genotype"))


def _check(path, arrays, num_classes):
    """Raises an error unless the arrays are of one length and name known classes."""
    pairs = (("labels", "predictions"), _MISTAKES[1:3])
    for names in pairs:
        first, second = (arrays[name] for name in names)
        for name, array in zip(names, (first, second)):
            if array.ndim != 1 or not np.issubdtype(array.dtype, np.integer):
                raise damaged(path, f'"{name}", a list of classes', array)
            if array.size and not 0 <= array.min() <= array.max() < num_classes:
                found = f"classes from {array.min()} to {array.max()}"
                expected = f'"{name}" from 0 to {num_classes - 1}'
                raise damaged(path, expected, found)
        if len(first) != len(second):
            expected = f'"{names[0]}" and "{names[1]}" of one length'
            found = f"{len(first)} and {len(second)}"
            raise damaged(path, expected, found)
    images, labels, _, probabilities = (arrays[name] for name in _MISTAKES)
    fits = images.dtype == np.uint8 and images.ndim == 4 and images.shape[3] in (1, 3)
    if not fits or len(images) != len(labels) or probabilities.shape != labels.shape:
        expected = '"images" of uint8, shape (count, height, width, 1 or 3)'
        found = f"{images.dtype}, {images.shape}, for {len(labels)} labels"
        raise damaged(path, expected, found)
