"""Observation of the steps of a model's `fit`: their times, and their graph."""

import dataclasses
import time
from collections import Counter

import keras
import numpy as np
import tensorflow as tf

from benchmarks.search_step.graph_costs import GraphCosts, TracedGraph
from darts_tf.runs.provenance import peak_memory_gb


class ObservedStep:
    """Mixin of a Keras model that notes how long its step was traced, and the graph."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.trace_seconds, self.graphs = 0.0, []

    def train_step(self, data):
        return self.observed(super().train_step, data)

    def observed(self, function, *arguments):
        """Calls a function that is being traced."""
        start = time.monotonic()
        results = function(*arguments)
        self.trace_seconds += time.monotonic() - start
        self.graphs.append(tf.compat.v1.get_default_graph())
        return results


class Clock(keras.callbacks.Callback):
    """Notes the end of each step, when its loss has arrived, and the loss."""

    def __init__(self):
        super().__init__()
        self.ends, self.losses = [], []

    def on_train_batch_end(self, batch, logs=None):
        self.losses.append(float(logs["loss"]))
        self.ends.append(time.monotonic())


def observe(settings, model, pairs, started, loop_steps=1):
    """Fits a model and says what its steps took.

    Args:
        settings: `StepSettings`.
        model: Compiled model with `ObservedStep`.
        pairs: `tf.data.Dataset`, a batch for each step.
        started: When this process started, on the clock of `time.monotonic`.
        loop_steps: How often each loop of the step goes round.

    Returns:
        Dictionary that JSON can hold; times in seconds, memory in GB of 10^9 bytes.
    """
    clock = Clock()
    model.fit(pairs, verbose=0, shuffle=False, callbacks=[clock])
    found = observed(settings, model, clock.ends, started, loop_steps)
    return {**found, "losses": clock.losses}


def observed(settings, model, ends, started, loop_steps=1):
    """Says what a model took for something that it has traced and done repeatedly.

    Args:
        settings, started, loop_steps: See `observe`.
        model: Model with the `trace_seconds` and `graphs` of an `ObservedStep`.
        ends: When each was done, on the clock of `time.monotonic`.

    Returns:
        Dictionary that JSON can hold; times in seconds, memory in GB of 10^9 bytes.
    """
    return {
        "settings": dataclasses.asdict(settings),
        "first_result": ends[0] - started,
        "trace": model.trace_seconds,
        "step": np.diff(ends).tolist(),
        "peak_memory": peak_memory_gb(),
        "traces": len(model.graphs),
        **counted([(TracedGraph(model.graphs[0], loop_steps), 1)]),
    }


def counted(graphs):
    """Counts what graphs ask of a machine.

    Args:
        graphs: Pairs of a `TracedGraph` and of the times that it runs.
    """
    nodes, costs = 0, GraphCosts(Counter(), Counter(), Counter())
    for graph, times in graphs:
        nodes += graph.num_nodes
        costs = costs.plus(graph.costs, times)
    by_type = costs._asdict()
    totals = {name: counts.total() for name, counts in by_type.items()}
    return {"nodes": nodes, **totals, "by_type": by_type}
