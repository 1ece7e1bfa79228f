"""Steps of the published methods on two devices.

In a process of its own, see `replica_steps`.
"""

import sys

import keras
import numpy as np

from darts_tf.convolutional import SearchModel, SearchNetwork
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.method.architecture_cost import ArchitectureCost
from darts_tf.tasks.configuration import configured
from tests.costs.toy_costs import toy_costs
from tests.distribution import replica_steps

# Epochs, counted from 0, in which alpha moves in all methods, and which come before and
# after the first decision of DARTS-PT.
FIRST_EPOCH, END = 49, 52


def run(method, replicas, target=None, **settings):
    """Trains a search of a method for some epochs of one step.

    Args:
        method: Name of the method.
        replicas: Number of devices.
        target: One for the cost of the derived network, in toys, or `None`.
        **settings: Settings of the search beside those of the method.

    Returns:
        Dictionary of all that the steps computed or moved.
    """
    config = configured(SearchConfig(), method=method, **settings)
    with replica_steps.strategy(replicas).scope():
        keras.utils.set_random_seed(1)
        network = SearchNetwork(
            num_classes=3,
            init_channels=8,
            num_cells=1,
            num_nodes=2,
            reductions=[],
            primitives=("avg_pool_3x3", "skip_connect", "sep_conv_3x3"),
            method=config.search_method(),
        )
        network.build((None, 6, 6, 3))
        for alpha in network.alphas:
            alpha.assign(300 * alpha)
        model = SearchModel(
            network, config.order, seed=3, clip_with_alpha=config.clip_with_alpha
        )
        model.compile(cost=target and _cost(target))
    model.validation_half = lambda: replica_steps.make_batches(2).map(
        lambda train, valid: valid
    )
    history = model.fit(
        replica_steps.make_batches(1),
        initial_epoch=FIRST_EPOCH,
        epochs=END,
        verbose=0,
        shuffle=False,
    ).history
    found = replica_steps.numbers(model, history)
    metrics = {**model.method_metrics(), **model.cost_metrics()}
    return found | {name: np.array(x) for name, x in metrics.items()}


def _cost(target):
    return ArchitectureCost(toy_costs("darts"), target, steps=END - FIRST_EPOCH)


if __name__ == "__main__":
    replica_steps.main(run, *sys.argv[1:])
