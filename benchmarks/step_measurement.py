"""One measurement of the search step, in a process of its own.

`python -m benchmarks.step_measurement SETTINGS STARTED` prints the result as JSON:
SETTINGS are those of `StepSettings` as JSON, STARTED is the present `time.monotonic()`.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import dataclasses
import json
import time

import keras
import numpy as np
import tensorflow as tf

from benchmarks.graph_costs import TracedGraph
from benchmarks.plain_search_network import PlainSearchNetwork
from benchmarks.step_settings import Sizes, StepSettings
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.training.runtime import configure_runtime, peak_memory_gb
from darts_tf.training.search_config import SearchConfig
from darts_tf.training.search_model import SearchModel

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
    model = _ObservedModel(_make_network(settings), *_order(settings))
    model.compile()
    clock = _Clock()
    model.fit(_pairs(settings), verbose=0, shuffle=False, callbacks=[clock])
    peak_memory = peak_memory_gb()
    graph = TracedGraph(model.graphs[0])
    return {
        "settings": dataclasses.asdict(settings),
        "first_result": clock.ends[0] - started,
        "trace": model.trace_seconds,
        "step": np.diff(clock.ends).tolist(),
        "peak_memory": peak_memory,
        "losses": clock.losses,
        "traces": len(model.graphs),
        "nodes": graph.num_nodes,
        **{name: counts.total() for name, counts in graph.costs._asdict().items()},
        "by_type": graph.costs._asdict(),
    }


class _ObservedModel(SearchModel):
    """Notes how long its step was traced, and the graph."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.trace_seconds, self.graphs = 0.0, []

    def train_step(self, data):
        start = time.monotonic()
        logs = super().train_step(data)
        self.trace_seconds += time.monotonic() - start
        self.graphs.append(tf.compat.v1.get_default_graph())
        return logs


class _Clock(keras.callbacks.Callback):
    """Notes the end of each step, when its loss has arrived, and the loss."""

    def __init__(self):
        super().__init__()
        self.ends, self.losses = [], []

    def on_train_batch_end(self, batch, logs=None):
        self.losses.append(float(logs["loss"]))
        self.ends.append(time.monotonic())


def _make_network(settings):
    sizes = settings.sizes
    form = {"recompute": True} if settings.form == "recompute" else {}
    network = SearchNetwork(
        NUM_CLASSES, sizes.init_channels, sizes.layers, sizes.nodes, **form
    )
    network.build((None, sizes.image_size, sizes.image_size, 3))
    return PlainSearchNetwork(network) if settings.form == "plain" else network


def _order(settings):
    if settings.order == "first":
        return "first", "exact"
    return "second", settings.order


def _pairs(settings):
    """The same pair of random batches for every step."""
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
    values = json.loads(settings)
    settings = StepSettings(**{**values, "sizes": Sizes(**values["sizes"])})
    order, hessian = _order(settings)
    configure_runtime(SearchConfig(order=order, hessian=hessian))
    if settings.form == "plain":
        # A search may leave Grappler out; this form needs it to be at its best.
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": False})
    print(json.dumps(measure(settings, float(started))))


if __name__ == "__main__":
    main(*sys.argv[1:])
