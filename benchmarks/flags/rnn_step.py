"""Flags of `benchmarks.rnn_step`; defaults stand in `RecurrentBenchmarkConfig`."""

from absl import flags

from benchmarks.flags.step_benchmark import StepBenchmarkFlags
from benchmarks.recurrent_settings import (
    FULL_RECURRENT_SIZES,
    RECURRENT_FORMS,
    RecurrentBenchmarkConfig,
)
from benchmarks.step_settings import ORDERS
from darts_tf.limits import (
    MAX_BATCH_SIZE,
    MAX_RECURRENT_NODES,
    MAX_SEQUENCE_LENGTH,
    MAX_UNITS,
    MAX_WORDS,
)

_FLAGS = StepBenchmarkFlags(
    RecurrentBenchmarkConfig(),
    FULL_RECURRENT_SIZES,
    sizes={
        "units": (2, MAX_UNITS, "Size of the embedding and of the hidden states."),
        "nodes": (1, MAX_RECURRENT_NODES, "Nodes of the cell after state 0."),
        "vocabulary": (2, MAX_WORDS, "Number of words."),
        "batch_size": (2, MAX_BATCH_SIZE, "Streams of text."),
        "length": (1, MAX_SEQUENCE_LENGTH, "Words of a stream in a step."),
    },
    lists={
        "forms": (RECURRENT_FORMS, "Forms of the model to compare."),
        "orders": (ORDERS, "Orders of the architecture gradient."),
    },
)


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return _FLAGS.define(flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `RecurrentBenchmarkConfig` that the parsed flags describe."""
    return _FLAGS.to_config(flag_values)
