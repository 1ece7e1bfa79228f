"""The Keras model whose `fit` trains an evaluation network (paper, section 3.2)."""

import contextlib
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff.custom_gradients import forgettable
from darts_tf.autodiff.traced import traced
from darts_tf.distribution import global_batch
from darts_tf.distribution.distributed_model import DistributedModel
from darts_tf.distribution.replicas import Replicas
from darts_tf.errors import invalid_value
from darts_tf.method.architecture_gradient import clip_by_norm
from darts_tf.optimization.loss_scale import RevocableStep, make_loss_scale, update_mean
from darts_tf.optimization.optimizers import MomentumSGD

_TOP = 5


class ImageTrainingModel(DistributedModel):
    """Trains an `EvaluationNetwork`; `fit`, `evaluate` and `predict` are Keras' own.

    A step descends

        loss(logits) + auxiliary_weight * loss(auxiliary logits),

    with smoothed labels; `evaluate` reports the plain cross entropy of the logits.
    What is worth saving is the `network`. In the policy "mixed_float16" the loss is
    scaled, see `darts_tf.optimization.loss_scale`, and a step with an overflow moves
    nothing.

    Args:
        network: Built `EvaluationNetwork`.
        auxiliary_weight: Weight of the auxiliary head's loss, if there is that head.
        label_smoothing: Share of the target that all classes get alike.
        gradient_clip: Largest norm of the gradient, or `None`.
        accumulation_steps: Parts of a batch that go through the network one after the
            other, so that the memory is that of one part. The step is that of the
            whole batch, but each part is normalized by its own statistics. With
            several replicas only 1 is possible.
        sync_batch_norm: Whether the statistics of batch normalization are those of
            the global batch where a distribution strategy has several replicas.
            Otherwise each replica has its own, and the moving ones are the mean.

    Example:

    ```python
    network = EvaluationNetwork(Genotype.published("DARTS_V2"))
    network.build((None, 32, 32, 3))
    model = ImageTrainingModel(network)
    model.compile()
    model.fit(images, labels, batch_size=96, epochs=600)
    network.save("model.keras")
    ```
    """

    def __init__(
        self,
        network: keras.Model,
        auxiliary_weight: float = 0.4,
        label_smoothing: float = 0.0,
        gradient_clip: float | None = 5.0,
        accumulation_steps: int = 1,
        sync_batch_norm: bool = False,
        **kwargs: Any,
    ):
        super().__init__(dtype=network.dtype_policy, **kwargs)
        self.network = network
        self.auxiliary_weight = auxiliary_weight
        self.gradient_clip = gradient_clip
        self.accumulation_steps = accumulation_steps
        self.sync_batch_norm = sync_batch_norm
        self.training_loss = keras.losses.CategoricalCrossentropy(
            from_logits=True,
            label_smoothing=label_smoothing,
            dtype=self.variable_dtype,
        )

    def build(self, input_shape):
        self.built = True

    def compile(self, optimizer=None, jit_compile=False, **kwargs):
        """Configures the training; defaults are the paper's.

        Args:
            optimizer: Default is `MomentumSGD`; none that scales the loss.
            jit_compile: Whether XLA compiles the step. Off by default: on a CPU its
                convolutions are slow.
            **kwargs: See `keras.Model.compile`.
        """
        metrics = [keras.metrics.SparseCategoricalAccuracy("accuracy")]
        if self.network.num_classes > _TOP:
            metrics.append(
                keras.metrics.SparseTopKCategoricalAccuracy(
                    _TOP, name=f"top_{_TOP}_accuracy"
                )
            )
        super().compile(
            optimizer=optimizer or MomentumSGD(),
            loss=keras.losses.SparseCategoricalCrossentropy(
                from_logits=True, dtype=self.variable_dtype
            ),
            metrics=metrics,
            jit_compile=jit_compile,
            auto_scale_loss=False,
            **kwargs,
        )
        self.optimizer.build(self.network.trainable_variables)
        self.replicas = Replicas()
        self.loss_scale = make_loss_scale(self.network.compute_dtype)
        if self.replicas.count > 1 and self.accumulation_steps > 1:
            expected = f"1 on {self.replicas.count} replicas"
            raise invalid_value("accumulation_steps", expected, self.accumulation_steps)
        self.build_metrics()
        self.built = True
        # The pass is a function, so that the graph holds the network once for all
        # parts.
        self._part_gradients = traced(self._gradients)

    def call(self, inputs, training=False):
        return self.network(inputs, training=training)

    @property
    def state_variables(self) -> list[keras.Variable]:
        """All that a step moves, and what a checkpoint holds."""
        return [
            *self.network.variables,
            *self.optimizer.variables,
            *(self.loss_scale.variables if self.loss_scale else ()),
        ]

    @forgettable
    def train_step(self, data):
        images, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        step = RevocableStep(self.loss_scale, self.replicas, self.state_variables)
        gradients, loss, logits = self._batch_gradients(images, labels)
        gradients, loss = self.replicas.total((gradients, loss))
        if self.loss_scale:
            gradients = self.loss_scale.unscaled(gradients)
        clipped, *_ = clip_by_norm(gradients, self.gradient_clip)
        self.replicas.apply(self.optimizer, clipped, self.network.trainable_variables)
        metric = next(metric for metric in self.metrics if metric.name == "loss")
        update_mean(metric, loss, step.end(gradients))
        return self.compute_metrics(images, labels, logits)

    def compute_metrics(
        self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None
    ) -> dict:
        # The logits are cast, because TensorFlow finds the top classes in float32 only.
        logits = tf.cast(y_pred, tf.float32)
        return super().compute_metrics(x, y, logits, sample_weight)

    def _batch_gradients(self, images, labels):
        if self.replicas.count > 1:
            return self._replica_gradients(images, labels)
        count = self.accumulation_steps
        if count == 1:
            return self._gradients(images, labels)
        # The parts come in turn, since each moves the statistics of the normalizations.
        parts = [
            self._part_gradients(*part)
            for part in zip(tf.split(images, count), tf.split(labels, count))
        ]
        gradients, losses, logits = zip(*parts)
        mean_gradients = [tf.add_n(values) / count for values in zip(*gradients)]
        return mean_gradients, tf.add_n(losses) / count, tf.concat(logits, 0)

    def _gradients(self, images, labels):
        """Gradients of the scaled loss, and the loss and the logits."""
        variables = [variable.value for variable in self.network.trainable_variables]
        with tf.GradientTape() as tape:
            loss, logits = self._loss(images, labels)
            scaled = self._scaled(loss)
        zero = tf.UnconnectedGradients.ZERO
        return tape.gradient(scaled, variables, None, zero), loss, logits

    def _replica_gradients(self, images, labels):
        """As `_gradients`, of one replica's share of the loss.

        A replica cannot move the statistics by itself: all do it together.
        """
        trained, moved = (
            self.network.trainable_variables,
            self.network.non_trainable_variables,
        )
        w = [tf.convert_to_tensor(variable) for variable in trained]
        state = [tf.convert_to_tensor(variable) for variable in moved]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(w)
            scope = keras.StatelessScope([*zip(trained, w), *zip(moved, state)])
            with scope, self._statistics():
                loss, logits = self._loss(images, labels)
            scaled = self._scaled(loss)
        values = [scope.get_current_value(variable) for variable in moved]
        changes = [(v, x) for v, x, old in zip(moved, values, state) if x is not old]
        moved, values = zip(*changes)
        self.replicas.assign(moved, self.replicas.mean(values))
        zero = tf.UnconnectedGradients.ZERO
        return tape.gradient(scaled, w, None, zero), loss, logits

    def _scaled(self, loss):
        return self.loss_scale.scaled(loss) if self.loss_scale else loss

    def _statistics(self):
        if self.sync_batch_norm:
            return global_batch.across(self.replicas.total)
        return contextlib.nullcontext()

    def _loss(self, images, labels):
        targets = tf.one_hot(labels, self.network.num_classes)
        if not self.network.auxiliary:
            logits = self.network(images, training=True)
            return self.training_loss(targets, logits), logits
        logits, auxiliary = self.network(images, training=True, return_auxiliary=True)
        auxiliary_loss = self.training_loss(targets, auxiliary)
        loss = self.training_loss(targets, logits)
        return loss + self.auxiliary_weight * auxiliary_loss, logits
