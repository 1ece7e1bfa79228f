"""The callback that computes the Hessian's largest eigenvalue after epochs."""

import math
from collections.abc import Callable
from typing import Any

import keras

from darts_tf.method.eigenvalue import MOST_PRODUCTS
from darts_tf.method.history import EIGENVALUE
from darts_tf.method.stops import Stop

# Columns of the metrics: the eigenvalue, how far it may be from a true one, and the
# number of products that it took.
COLUMNS = (EIGENVALUE, "eigenvalue_residual", "eigenvalue_products")
# Largest share of the passes of an epoch that `auto` takes.
_SHARE = 20


class EigenvalueLog(keras.callbacks.Callback):
    """Adds the eigenvalue to the logs of an epoch, for the callbacks after it.

    Args:
        is_due: Function of an epoch, counted from 0, that says whether it is computed.
        last_batch: Function of the epoch that returns its last validation batch.
        seed: Of the vector that the computation begins with.
    """

    def __init__(
        self,
        is_due: Callable[[int], bool],
        last_batch: Callable[[int], Any],
        seed: int,
    ):
        super().__init__()
        self._is_due, self._last_batch, self._seed = is_due, last_batch, seed

    def on_epoch_end(self, epoch, logs=None):
        logs.update(dict.fromkeys(COLUMNS, math.nan))
        if self._is_due(epoch):
            found = self.model.eigenvalue(self._last_batch(epoch), self._seed)
            logs.update(zip(COLUMNS, map(float, found)))


def schedule(
    setting: str, stop: Stop | None, epochs: int, steps: int, passes: int
) -> Callable[[int], bool]:
    """Returns in which epochs the eigenvalue is computed.

    A product counts as one pass, as that of a step's second order does.

    Args:
        setting: "auto", "log" or "stop", see `SearchSettings`.
        stop: The `Stop` of the search, or `None`.
        epochs: Number of epochs.
        steps: Steps of an epoch.
        passes: Passes of a step over a batch.

    Returns:
        Function of an epoch, counted from 0.
    """
    needed = stop and stop.eigenvalue_every
    if setting == "log" or needed == 1:
        return lambda epoch: True
    if needed:
        return lambda epoch: epoch % needed == 0 or epoch == epochs - 1
    every = math.ceil(_SHARE * MOST_PRODUCTS / (steps * passes))
    return lambda epoch: (epoch + 1) % every == 0
