"""Functions for notebooks and programs that do what the binaries do."""

from darts_tf.tasks.exporting import export as export
from darts_tf.tasks.loading import load as load
from darts_tf.tasks.searching import search as search
from darts_tf.tasks.training import train as train
