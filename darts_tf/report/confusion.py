"""Confusion matrices of a classifier, as numbers and as heat maps."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import INK, new_figure

# A heat map of more classes is too fine to be read.
MOST_CLASSES = 25


def confusion_matrix(
    labels: np.ndarray, predictions: np.ndarray, num_classes: int
) -> np.ndarray:
    """Counts the predictions of each class.

    Args:
        labels: Shape `(images,)`, the classes.
        predictions: Shape `(images,)`, what they were taken for.
        num_classes: Number of classes.

    Returns:
        Shape `(classes, classes)`: a row a class, a column what it was taken for.
    """
    matrix = np.zeros((num_classes, num_classes), np.int64)
    np.add.at(matrix, (labels, predictions), 1)
    return matrix


def most_confused_pairs(
    labels: np.ndarray, predictions: np.ndarray, most: int = 20
) -> list[tuple[int, int, int]]:
    """Lists the pairs of classes that are confused most often.

    Args:
        labels: Shape `(images,)`, the classes.
        predictions: Shape `(images,)`, what they were taken for.
        most: Length of the list at most.

    Returns:
        Tuples of the class, what it was taken for, and how often; the most frequent
        first, of equals the lowest classes.
    """
    wrong = labels != predictions
    pairs = np.stack([labels[wrong], predictions[wrong]], axis=1)
    pairs, counts = np.unique(pairs, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:most]
    return [(*map(int, pairs[row]), int(counts[row])) for row in order]


@own_settings
def confusion_heat_map(matrix: np.ndarray, class_names: Sequence[str]) -> Figure:
    """Draws a confusion matrix; colors are shares of a row, numbers are counts.

    Args:
        matrix: As `confusion_matrix` returns it.
        class_names: A name for each class.

    Returns:
        A `matplotlib.figure.Figure`.
    """
    size = len(class_names)
    figure = new_figure("Confusion matrix", (2.2 + 0.5 * size, 2.0 + 0.4 * size))
    axes = figure.subplots()
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (row, column), count in np.ndenumerate(matrix):
        color = "white" if shares[row, column] > 0.6 else INK
        if count:
            place = {"ha": "center", "va": "center", "fontsize": 8}
            axes.text(column, row, str(count), color=color, **place)
    names = [name if len(name) <= 20 else f"{name[:19]}…" for name in class_names]
    style = {"fontsize": 8.5, "parse_math": False}
    axes.set_xticks(range(size), names, rotation=35, ha="right", **style)
    axes.set_yticks(range(size), names, **style)
    axes.set_xlabel("taken for", fontsize=9, color="#4a5260")
    axes.set_ylabel("class", fontsize=9, color="#4a5260")
    axes.tick_params(length=0, colors=INK)
    axes.spines[:].set_color("#e3e6ea")
    return figure
