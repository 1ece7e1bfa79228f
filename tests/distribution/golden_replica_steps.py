"""The architecture gradient of the golden network on two devices.

In a process of its own, see `replica_steps`.
"""

import sys

import numpy as np
import tensorflow as tf

from benchmarks.golden_names import load_golden_weights
from darts_tf.convolutional import SearchNetwork
from darts_tf.convolutional.search_model import SearchModel
from tests.distribution import replica_steps


def run(golden, method, form):
    """Computes the gradient of the first step, each device with half of the batches.

    Args:
        golden: Path of a golden file of a network of five cells.
        method: Order and kind of Hessian.
        form: That of the network.

    Returns:
        Dictionary of the gradients by kind of cell, the same on both devices.
    """
    golden = np.load(golden, allow_pickle=False)
    strategy = replica_steps.strategy(2)
    with strategy.scope():
        network = SearchNetwork(
            golden["logits_train_0"].shape[1],
            init_channels=4,
            num_cells=5,
            form=form,
        )
        network.build((None, 16, 16, 3))
        load_golden_weights(network, golden)
        model = SearchModel(network, *method, sync_batch_norm=True)
        model.compile()

    def part(half):
        images = golden[f"x_{half}_0"].transpose(0, 2, 3, 1).astype("float64")
        labels = golden[f"y_{half}_0"].astype("int32")
        return tuple(model.replicas.part(tf.constant(x)) for x in (images, labels))

    @tf.function(autograph=False)
    def compute():
        return strategy.run(
            lambda: model.architecture_gradients(part("train"), part("valid")).alpha
        )

    gradients = {}
    for kind, gradient in zip(("normal", "reduce"), compute(), strict=True):
        first, second = strategy.experimental_local_results(gradient)
        np.testing.assert_array_equal(first, second)
        gradients[kind] = first.numpy()
    return gradients


if __name__ == "__main__":
    replica_steps.main(run, *sys.argv[1:])
