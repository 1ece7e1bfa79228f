"""Flags of `benchmarks.search_step`; defaults stand in `BenchmarkConfig`."""

from absl import flags

from benchmarks.flags.step_benchmark import StepBenchmarkFlags
from benchmarks.step_settings import FORMS, FULL_SIZES, ORDERS, BenchmarkConfig
from darts_tf.limits import (
    MAX_BATCH_SIZE,
    MAX_CELLS,
    MAX_CHANNELS,
    MAX_IMAGE_SIZE,
    MAX_NODES,
)

_FLAGS = StepBenchmarkFlags(
    BenchmarkConfig(),
    FULL_SIZES,
    sizes={
        "init_channels": (2, MAX_CHANNELS, "Channels of the first cells."),
        "layers": (1, MAX_CELLS, "Number of cells."),
        "nodes": (1, MAX_NODES, "Intermediate nodes of a cell."),
        "batch_size": (2, MAX_BATCH_SIZE, "Images of each half in a step."),
        "image_size": (4, MAX_IMAGE_SIZE, "Height and width in pixels."),
    },
    lists={
        "forms": (FORMS, "Forms of the network to compare."),
        "orders": (ORDERS, "Orders of the architecture gradient."),
        "plain_orders": (ORDERS, "Those of them that the plain form is measured in."),
    },
)


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return _FLAGS.define(flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `BenchmarkConfig` that the parsed flags describe."""
    return _FLAGS.to_config(flag_values)
