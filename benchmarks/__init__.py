"""Measurements and comparisons: `python -m benchmarks.NAME` runs one of them."""

from darts_tf.startup import import_keras
from darts_tf.terminal import prepare_terminal

prepare_terminal()
import_keras()
