"""The Keras model whose `fit` trains a language model (paper, section 3.4)."""

from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff.custom_gradients import forgettable
from darts_tf.method import architecture_gradient
from darts_tf.recurrent.language_network import LanguageNetwork
from darts_tf.recurrent.text_model import TextModel, carry


class LanguageTrainingModel(TextModel):
    """Trains a language model on streams of text; arguments as `TextModel`."""

    def __init__(
        self,
        network: LanguageNetwork,
        batch_size: int,
        gradient_clip: float | None = 0.25,
        slowness_weight: float = 1e-3,
        seed: Any = 0,
    ):
        super().__init__(network, batch_size, gradient_clip, slowness_weight, seed)
        self.state = self._add_state("state", batch_size // self.replicas.count)
        # It is part of the masks' seed, so that what follows a recovery is not what led
        # to it.
        self.recoveries = self.add_weight(
            shape=(), dtype="int64", initializer="zeros", trainable=False
        )

    def compile(self, optimizer):
        """Configures the training.

        Args:
            optimizer: `AveragedSGD`; its learning rate is for a factor of 1.
        """
        super().compile(optimizer=optimizer, jit_compile=False)
        self.learning_rate = float(optimizer.learning_rate.numpy())
        optimizer.build(self.network.trainable_variables)
        self.built = True

    @property
    def recoverable_variables(self) -> list[keras.Variable]:
        """What goes back to the best epoch after a loss that is no number."""
        return [*self.network.variables, *self.optimizer.variables]

    @property
    def state_variables(self) -> list[keras.Variable]:
        """All that a step moves, and what a checkpoint holds."""
        return [*self.recoverable_variables, self.recoveries]

    @forgettable
    def train_step(self, batch):
        length = batch["length"]
        seeds = tf.stack([tf.constant(self.seed, tf.int64), self.recoveries.value])
        inputs = self._replica_inputs(batch, self.state, seeds)
        variables = self.network.trainable_variables
        with tf.GradientTape() as tape:
            output = self.network(inputs, training=True)
            loss = self._share((inputs["targets"], length), output)
            share = loss + self._penalty_share(output, length)
        gradients = tape.gradient(share, [v.value for v in variables])
        gradients, loss = self.replicas.total((gradients, loss))
        clipped, _, _ = architecture_gradient.clip_by_norm(
            gradients, self.gradient_clip
        )
        self._scale_learning_rate(self.learning_rate, batch["rate_factor"])
        self.replicas.apply(self.optimizer, clipped, variables)
        carry(self.state, output.state)
        self.mean_loss.update_state(loss, sample_weight=length)
        return {"loss": self.mean_loss.result()}
