"""The profile of a few steps, for TensorBoard."""

from pathlib import Path

import keras
import tensorflow as tf

from darts_tf.run_layout import TENSORBOARD_FOLDER

# The first step is left out, because it is traced and takes longer than the others.
_FIRST_STEP, _LAST_STEP = 2, 4


class Profiler(keras.callbacks.Callback):
    """Profiles steps 2 to 4 after the start, or those of them that the first fit has.

    Args:
        folder: Path of the run.
    """

    def __init__(self, folder: Path):
        super().__init__()
        self._folder, self._step = str(folder / TENSORBOARD_FOLDER), 0
        self._trace, self._profiles = None, False

    def on_train_batch_begin(self, batch, logs=None):
        self._step += 1
        if self._step == _FIRST_STEP:
            tf.profiler.experimental.start(self._folder)
            self._profiles = True
        if self._profiles:
            self._trace = tf.profiler.experimental.Trace("train", step_num=self._step)
            self._trace.__enter__()

    def on_train_batch_end(self, batch, logs=None):
        if self._trace:
            self._trace.__exit__(None, None, None)
            self._trace = None
        if self._step == _LAST_STEP:
            self._stop()

    def on_train_end(self, logs=None):
        self._stop()

    def _stop(self):
        if self._profiles:
            tf.profiler.experimental.stop()
            self._profiles = False
