"""A callback that ends a spoilt run."""

import math
from collections.abc import Sequence

import keras

from darts_tf.errors import UserError


class NotFiniteError(UserError):
    """A loss is no number any more; the message is one line.

    The exit code is its own, EX_DATAERR of sysexits.h: the same command would end in
    the same way, so that nothing should give it again.
    """

    exit_code = 65


class StopAtNaN(keras.callbacks.Callback):
    """Ends a run whose loss is no number any more.

    The weights are spoilt then; the last checkpoint is not. All workers of a run find
    the same numbers, and so end together.

    Args:
        losses: Names of the losses among the logs.
    """

    def __init__(self, losses: Sequence[str] = ("loss",)):
        super().__init__()
        self.losses = losses

    def on_train_begin(self, logs=None):
        self.step = int(self.model.optimizer.iterations.numpy())

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        for name in self.losses:
            self._check(name, logs[name], f"at step {self.step}")

    def on_epoch_end(self, epoch, logs=None):
        if "val_loss" in logs:
            self._check("validation loss", logs["val_loss"], f"after epoch {epoch + 1}")

    def _check(self, name, value, when):
        value = float(value)
        if not math.isfinite(value):
            raise NotFiniteError(
                f"The {name} is {value} {when}; the last checkpoint is kept. Try a "
                "smaller `learning_rate` or `gradient_clip`, in a new `output`."
            )
