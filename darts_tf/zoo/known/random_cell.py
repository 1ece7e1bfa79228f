"""The baseline of random search in DARTS' space (arXiv 1806.09055, table 1).

The authors trained 24 drawn cells and kept the best one, which they did not publish.
Here is a cell that is drawn, one for each seed: its figures are others than theirs.
"""

from typing import Any

import numpy as np

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.primitives import DARTS_PRIMITIVES
from darts_tf.space.search_space import convolutional_space
from darts_tf.zoo.row import CIFAR10, Published, Row


def random_network(seed: int = 0, **sizes: Any) -> EvaluationNetwork:
    """Returns the network of a drawn cell.

    Args:
        seed: Number of the cell.
        **sizes: See `EvaluationNetwork`.
    """
    space = convolutional_space(DARTS_PRIMITIVES)
    return EvaluationNetwork(space.sample(np.random.default_rng(seed)), **sizes)


RANDOM_CIFAR10 = Row(
    "random_cifar10",
    "Random search baseline (best of 24) + cutout",
    CIFAR10,
    "Liu, Simonyan and Yang 2019, DARTS, arXiv 1806.09055",
    Published(3.29, 0.15, None, 3.2, None, 4, 7, "random"),
    random_network,
    place=12,
)
