"""A Keras model every replica of which is given whole batches."""

import functools

import keras
import tensorflow as tf


class WholeBatchModel(keras.Model):
    """Base of models of texts, whose replicas take their rows of a batch themselves.

    Keras would part each batch between the replicas, and can part nothing but tensors
    with a row for each text; and it would trace one step for all lengths, since an
    iterator's type leaves them out.

    A subclass has `replicas`, a `Replicas`.
    """

    @property
    def distribute_strategy(self) -> tf.distribute.Strategy:
        """Of the loops of Keras; the functions below run steps on the replicas."""
        return tf.distribute.get_strategy()

    def make_train_function(self, force=False):
        """Makes a function that traces a step for each padded length."""
        if self.train_function is None or force:
            self.train_function = self._on_replicas(self.train_step)

    def make_test_function(self, force=False):
        if self.test_function is None or force:
            self.test_function = self._on_replicas(self.test_step)

    def _on_replicas(self, step):
        function = functools.partial(self.replicas.run, step)
        if not self.run_eagerly:
            function = tf.function(
                function, autograph=False, jit_compile=self.jit_compile
            )
        return lambda iterator: function(next(iterator))
