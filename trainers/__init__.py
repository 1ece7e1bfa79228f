"""Binaries, run as `python -m trainers.NAME`."""

from darts_tf.startup import import_keras

import_keras()
