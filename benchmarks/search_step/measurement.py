"""One measurement of the search step, in a process of its own.

`python -m benchmarks.search_step.measurement SETTINGS STARTED` prints the result as
JSON: SETTINGS are those of `StepSettings` as JSON, STARTED is the present
`time.monotonic()`.
"""

import json
import sys

import keras
import numpy as np
import tensorflow as tf

from benchmarks.search_step.observation import ObservedStep, observe
from benchmarks.search_step.plain_search_network import PlainSearchNetwork
from benchmarks.search_step.settings import StepSettings
from darts_tf.convolutional.search_model import SearchModel
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.experiments.convolutional_search.config import SearchConfig

NUM_CLASSES = 10


def measure(settings, started):
    """Searches for some steps with everything that a search consists of.

    Args:
        settings: `StepSettings`.
        started: When this process started, on the clock of `time.monotonic`.

    Returns:
        Dictionary that JSON can hold; times in seconds, memory in GB of 10^9 bytes.
    """
    keras.utils.set_random_seed(0)
    model = _ObservedModel(_make_network(settings), *order_of(settings))
    model.compile()
    return observe(settings, model, pairs(settings), started)


class _ObservedModel(ObservedStep, SearchModel):
    pass


def _make_network(settings):
    sizes = settings.sizes
    form = {"recompute": True} if settings.form == "recompute" else {}
    network = SearchNetwork(
        NUM_CLASSES, sizes.init_channels, sizes.layers, sizes.nodes, **form
    )
    network.build((None, sizes.image_size, sizes.image_size, 3))
    return PlainSearchNetwork(network) if settings.form == "plain" else network


def order_of(settings):
    """The arguments `order` and `hessian` of a search model."""
    if settings.order == "first":
        return "first", "exact"
    return "second", settings.order


def pairs(settings):
    """Returns the same pair of random batches for every step."""
    random = np.random.default_rng(0)
    count, size = settings.sizes.batch_size, settings.sizes.image_size
    halves = tuple(
        (
            random.normal(size=(count, size, size, 3)).astype("float32"),
            random.integers(NUM_CLASSES, size=count, dtype="int32"),
        )
        for _ in range(2)
    )
    return tf.data.Dataset.from_tensors(halves).repeat(1 + settings.steps)


def main(settings, started):
    settings = StepSettings.from_json(settings)
    order, hessian = order_of(settings)
    configure_runtime(SearchConfig(order=order, hessian=hessian))
    if settings.form == "plain":
        # A search may leave Grappler out; this form needs it to be at its best.
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": False})
    print(json.dumps(measure(settings, float(started))))


if __name__ == "__main__":
    main(*sys.argv[1:])
