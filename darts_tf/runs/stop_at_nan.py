"""A callback that ends a spoilt run."""

import math

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
        first_step: Number of steps done before.
        losses: Names of the losses among the logs.
    """

    def __init__(self, first_step, losses=("loss",)):
        super().__init__()
        self.step, self.losses = first_step, losses

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
