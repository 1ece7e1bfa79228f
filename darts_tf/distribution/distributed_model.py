"""A Keras model whose `fit` also works on several machines."""

import functools

import tensorflow as tf

from darts_tf.keras_private import ModelBuiltByCompile


class DistributedModel(ModelBuiltByCompile):
    """Base of models that train under any `tf.distribute.Strategy`.

    Keras' own `fit` (3.15) fails under `tf.distribute.MultiWorkerMirroredStrategy` in
    two places. To build the model it reads a batch and averages that over the
    replicas, which takes their values for tensors; and it averages the logs of a step
    along their first axis, but they are scalars. So `compile` of a subclass builds
    everything, and nothing is left for Keras to build; and the functions that Keras'
    loops call for each batch are made here. What they run on each replica is Keras'
    too, `train_step` and `test_step`, as on one device; so are the loops themselves,
    with callbacks, metrics and progress bar.

    A subclass has a `network` with `num_classes`, and after `compile` `replicas`, a
    `Replicas`.
    """

    def build_metrics(self) -> None:
        """Builds loss and metrics, which Keras would do from a batch."""
        labels = tf.zeros([1], tf.int32)
        logits = tf.zeros([1, self.network.num_classes], self.compute_dtype)
        self.compute_loss(y=labels, y_pred=logits, training=False)
        self.compute_metrics(None, labels, logits)
        self.reset_metrics()

    def make_train_function(self, force=False):
        if not self._on_several_machines():
            super().make_train_function(force)
        elif force or self.train_function is None:
            self.train_function = self._on_all_replicas(self.train_step)

    def make_test_function(self, force=False):
        if not self._on_several_machines():
            super().make_test_function(force)
        elif force or self.test_function is None:
            self.test_function = self._on_all_replicas(self.test_step)

    def predict_on_batch(self, x):
        if not self._on_several_machines():
            return super().predict_on_batch(x)
        # Keras collects the answers of all machines, for which all have to ask.
        if self.predict_function is None:
            self.predict_function = tf.function(
                functools.partial(self, training=False), jit_compile=self.jit_compile
            )
        return self.predict_function(x).numpy()

    def _on_several_machines(self):
        return isinstance(
            self.distribute_strategy, tf.distribute.MultiWorkerMirroredStrategy
        )

    def _on_all_replicas(self, step):
        """Makes a function of an iterator that returns the mean logs of a step."""
        strategy = self.distribute_strategy

        def on_replica(batch):
            return self.replicas.mean(step(batch))

        @tf.function(autograph=False, jit_compile=self.jit_compile)
        def on_batch(batch):
            logs = strategy.run(on_replica, args=(batch,))
            # Each replica has the mean, so that the first answers for all.
            return {
                name: strategy.experimental_local_results(value)[0]
                for name, value in logs.items()
            }

        @tf.function(autograph=False)
        def on_next_batch(iterator):
            return on_batch(next(iterator))

        return on_next_batch
