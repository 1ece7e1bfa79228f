"""Flags of `benchmarks.rnn_step`; defaults stand in `RecurrentBenchmarkConfig`."""

from absl import flags

from benchmarks.recurrent_settings import (
    FULL_RECURRENT_SIZES,
    RECURRENT_FORMS,
    RecurrentBenchmarkConfig,
)
from benchmarks.step_settings import ORDERS
from flags.step_benchmark import StepBenchmarkFlags

_FLAGS = StepBenchmarkFlags(
    RecurrentBenchmarkConfig(),
    FULL_RECURRENT_SIZES,
    sizes={
        "units": (2, "Size of the embedding and of the hidden states."),
        "nodes": (1, "Nodes of the cell after state 0."),
        "vocabulary": (2, "Number of words."),
        "batch_size": (2, "Streams of text."),
        "length": (1, "Words of a stream in a step."),
    },
    lists={
        "forms": (RECURRENT_FORMS, "Forms of the model to compare."),
        "orders": (ORDERS, "Orders of the architecture gradient."),
    },
)


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`."""
    _FLAGS.define(flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `RecurrentBenchmarkConfig` that the parsed flags describe."""
    return _FLAGS.to_config(flag_values)
