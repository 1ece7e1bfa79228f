"""Measurements of the cost of a search; see docs/performance.md."""

from darts_tf.startup import import_keras
from darts_tf.terminal import prepare_terminal

prepare_terminal()
import_keras()
