"""The part of a search that follows its epochs."""

from collections.abc import Mapping
from typing import Any

import keras
import tensorflow as tf

from darts_tf.method.history import SearchedEpoch, SearchRecord
from darts_tf.method.slots import Progress


class ScheduledSearch:
    """Mixin of searches with a schedule and a stop, see `ArchitectureSearch`.

    Attributes:
        record: `SearchRecord` of the epochs, where the method has a stop; one that
            continues needs those before.
    """

    _moves_architecture = True

    def _begin_schedule(self):
        """Completes `compile`: nothing is recorded yet, and the epoch is the first."""
        self.record = SearchRecord()
        self._epoch = tf.Variable(0, trainable=False, dtype=tf.int64)

    def _progress(self):
        step = tf.convert_to_tensor(self.optimizer.iterations)
        return Progress(step, tf.convert_to_tensor(self._epoch))

    def fit(self, *args: Any, callbacks=None, **kwargs: Any):
        """As Keras' own; the method follows the epochs."""
        follow_epochs = _FollowEpochs()
        if not isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks = [*(callbacks or ()), follow_epochs]
            return super().fit(*args, callbacks=callbacks, **kwargs)
        follow_epochs.set_model(self)
        callbacks.callbacks.append(follow_epochs)
        try:
            return super().fit(*args, callbacks=callbacks, **kwargs)
        finally:
            callbacks.callbacks.remove(follow_epochs)

    def begin_epoch(self, epoch: int) -> None:
        """Does what the method's schedule has for an epoch, counted from 0."""
        decisions = self.method.decisions
        self._epoch.assign(decisions.scheduled_epoch(epoch) if decisions else epoch)
        if decisions:
            self._decide(epoch)
        moves = self.method.schedule.moves_architecture(epoch)
        if moves != self._moves_architecture:
            self._moves_architecture = moves
            self.make_train_function(force=True)

    def end_epoch(self, epoch: int, metrics: Mapping[str, float]) -> None:
        """Records an epoch, and ends the search here if the method's stop says so.

        Args:
            epoch: The epoch, counted from 0.
            metrics: Its metrics by name.
        """
        if self.method.stop is None:
            return
        arrays = self.network.architecture.arrays()
        alphas = {kind: of_kind["alpha"] for kind, of_kind in arrays.items()}
        genotype = self.genotype()
        metrics = {**metrics, **self.method_metrics()}
        searched = SearchedEpoch(epoch + 1, genotype, alphas, metrics)
        self.record.add(searched)
        if self.kept_epoch is not None:
            self.stop_training = True

    @property
    def kept_epoch(self) -> int | None:
        """The epoch whose genotype counts, if the method's stop ended the search."""
        if self.method.stop is None or not self.record.epochs:
            return None
        return self.method.stop.kept_epoch(self.record.epochs)


class _FollowEpochs(keras.callbacks.Callback):
    """Tells the model of a search where its epochs begin and end."""

    def on_epoch_begin(self, epoch, logs=None):
        self.model.begin_epoch(epoch)

    def on_epoch_end(self, epoch, logs=None):
        self.model.end_epoch(epoch, logs or {})
