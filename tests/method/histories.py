"""Histories of searches that never ran."""

import numpy as np

from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.method.history import SearchedEpoch

SIZE = 4


def history_of(eigenvalues=(), skips=(), alphas=(), scores=()):
    """Returns the epochs of a search.

    Args:
        eigenvalues: Dictionary of them by epoch, counted from 1.
        skips: Number of skip connections in the normal cell, of each epoch.
        alphas: Array of shape `(edges, operations)` of each epoch.
        scores: Validation accuracy of each epoch.
    """
    eigenvalues = dict(eigenvalues)
    count = max([*eigenvalues, len(skips), len(alphas), len(scores)])
    epochs = []
    for row in range(count):
        metrics = {"eigenvalue": eigenvalues.get(row + 1, np.nan)}
        if len(scores):
            metrics["val_accuracy"] = scores[row]
        alpha = alphas[row] if len(alphas) else np.zeros((5, 4))
        genotype = genotype_with(skips[row] if len(skips) else 0)
        epochs.append(SearchedEpoch(row + 1, genotype, {"normal": alpha}, metrics))
    return epochs


def genotype_with(skips):
    """Returns a genotype with so many skip connections in its normal cell."""
    names = ["skip_connect"] * skips + ["sep_conv_3x3"] * (2 * SIZE - skips)
    nodes = [[(names[2 * node], 0), (names[2 * node + 1], 1)] for node in range(SIZE)]
    other = [[("sep_conv_3x3", 0), ("sep_conv_3x3", 1)]] * SIZE
    outputs = range(2, 2 + SIZE)
    return Genotype(
        normal=Cell.from_lists(nodes, outputs), reduce=Cell.from_lists(other, outputs)
    )
