"""The report of a run that still goes on."""

import time
from collections.abc import Callable
from pathlib import Path

import keras

_SECONDS_BETWEEN = 60


class ReportCallback(keras.callbacks.Callback):
    """Writes the report after an epoch, but at most once a minute.

    Drawing it takes seconds, which a short epoch does not; at its end a run writes the
    report anyway.

    Args:
        write: Function of the folder.
        folder: Path of the run.
    """

    def __init__(self, write: Callable[[Path], object], folder: Path):
        super().__init__()
        self._write, self._folder = write, folder
        self._written = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        if time.monotonic() - self._written >= _SECONDS_BETWEEN:
            self._write(self._folder)
            self._written = time.monotonic()
