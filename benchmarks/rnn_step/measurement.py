"""One measurement of the recurrent search step, in a process of its own.

Arguments and output are those of `benchmarks.search_step.measurement`.
"""

import dataclasses
import json
import sys
import time

import keras
import numpy as np
import tensorflow as tf

from benchmarks.rnn_step.matrix_products import MatrixProducts
from benchmarks.rnn_step.settings import RecurrentSizes
from benchmarks.search_step.graph_costs import TracedGraph
from benchmarks.search_step.observation import ObservedStep, counted, observe
from benchmarks.search_step.settings import StepSettings
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.experiments.recurrent_search.config import RecurrentSearchConfig
from darts_tf.recurrent import LanguageModel, SearchCell
from darts_tf.recurrent.search_model import RecurrentSearchModel
from darts_tf.runs.provenance import peak_memory_gb


class _ObservedModel(ObservedStep, RecurrentSearchModel):
    pass


def measure(settings, started):
    """Measures steps with all dropouts, clipping and penalty of the paper.

    Args:
        settings: `StepSettings` with `RecurrentSizes`.
        started: When this process started, on the clock of `time.monotonic`.

    Returns:
        Dictionary that JSON can hold; times in seconds, memory in GB of 10^9 bytes.
    """
    keras.utils.set_random_seed(0)
    if settings.form == "products":
        return _measure_products(settings, started)
    sizes = settings.sizes
    network = LanguageModel(
        sizes.vocabulary,
        SearchCell(sizes.units, sizes.nodes),
        RecurrentSearchConfig().dropout,
        recompute=settings.form == "recompute",
    )
    network.build()
    first = settings.order == "first"
    model = _ObservedModel(
        network,
        sizes.batch_size,
        order="first" if first else "second",
        hessian="exact" if first else settings.order,
    )
    model.compile()
    # Forward or backward, a loop of this step goes over the words.
    return observe(settings, model, _pairs(settings), started, sizes.length)


def _measure_products(settings, started):
    products = MatrixProducts(settings.sizes)
    trace = time.monotonic()
    graphs = [(TracedGraph(graph), times) for graph, times in products.graphs()]
    trace = time.monotonic() - trace
    products.step()
    return {
        "settings": dataclasses.asdict(settings),
        "first_result": time.monotonic() - started,
        "trace": trace,
        "step": [products.step() for _ in range(settings.steps)],
        "peak_memory": peak_memory_gb(),
        **counted(graphs),
    }


def _pairs(settings):
    """The same pair of random batches for every step."""
    random = np.random.default_rng(0)
    sizes = settings.sizes
    shape = (sizes.batch_size, sizes.length + 1)
    halves = []
    for _ in range(2):
        words = random.integers(sizes.vocabulary, size=shape, dtype="int32")
        batch = {
            "tokens": words[:, :-1],
            "targets": words[:, 1:],
            "length": np.int32(sizes.length),
            "starts": False,
            "rate_factor": np.float32(1),
        }
        halves.append(batch)
    return tf.data.Dataset.from_tensors(tuple(halves)).repeat(1 + settings.steps)


def main(settings, started):
    settings = StepSettings.from_json(settings, RecurrentSizes)
    configure_runtime(RecurrentSearchConfig())
    print(json.dumps(measure(settings, float(started))))


if __name__ == "__main__":
    main(*sys.argv[1:])
