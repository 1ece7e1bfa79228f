"""The Keras model whose `fit` trains a language model (paper, section 3.4)."""

import keras
import tensorflow as tf

from darts_tf import architecture_gradient
from darts_tf.recurrent import cross_entropy, slowness


class LanguageTrainingModel(keras.Model):
    """Trains a language model on streams of text.

    `fit` takes a dataset of batches as `darts_tf.data.text_batches` makes them. The
    hidden state is carried from step to step, without gradient across steps.

    Args:
        network: Built `LanguageModel`.
        batch_size: Number of streams.
        gradient_clip: Largest norm of the gradient.
        slowness_weight: Of the penalty on fast changes of the hidden state.
        seed: Integer of the dropout masks.
    """

    def __init__(
        self, network, batch_size, gradient_clip=0.25, slowness_weight=1e-3, seed=0
    ):
        super().__init__()
        self.network = network
        self.gradient_clip = gradient_clip
        self.slowness_weight = slowness_weight
        self.seed = seed
        self.state = self.add_weight(
            shape=(batch_size, network.cell.units),
            initializer="zeros",
            trainable=False,
            name="state",
        )
        # In the masks' seed, so that what follows a recovery is not the same again.
        self.recoveries = self.add_weight(
            shape=(), dtype="int64", initializer="zeros", trainable=False
        )
        self.mean_loss = keras.metrics.Mean("loss")

    def compile(self, optimizer):
        """Configures the training.

        Args:
            optimizer: `AveragedSGD`; its learning rate is for a factor of 1.
        """
        super().compile(optimizer=optimizer, jit_compile=False)
        self.learning_rate = float(optimizer.learning_rate)
        optimizer.build(self.network.trainable_variables)
        self.built = True

    def make_train_function(self, force=False):
        """Traces a step for each padded length, which an iterator's type leaves out."""
        if self.train_function is None or force:
            step = tf.function(self.train_step, autograph=False)
            self.train_function = lambda iterator: step(next(iterator))

    def train_step(self, batch):
        targets, length = batch["targets"], batch["length"]
        state = self.state.value
        inputs = {
            "tokens": batch["tokens"],
            "targets": targets,
            "length": length,
            "state": tf.where(batch["starts"], tf.zeros_like(state), state),
            "masks": self.network.draw_masks(state.shape[0], self._mask_seed()),
        }
        with tf.GradientTape() as tape:
            output = self.network(inputs, training=True)
            loss = cross_entropy(targets, output, length)
            total = loss + self.slowness_weight * slowness(output, length)
        variables = self.network.trainable_variables
        gradients = tape.gradient(total, [v.value for v in variables])
        clipped, _, _ = architecture_gradient.clip_by_norm(
            gradients, self.gradient_clip
        )
        self.optimizer.learning_rate = self.learning_rate * batch["rate_factor"]
        self.optimizer.apply(clipped, variables)
        self.state.assign(output.state)
        self.mean_loss.update_state(loss, sample_weight=length)
        return {"loss": self.mean_loss.result()}

    def _mask_seed(self):
        """A seed for each step, of tensors that a checkpoint holds."""
        return tf.random.experimental.stateless_fold_in(
            tf.stack([tf.constant(self.seed, tf.int64), self.recoveries.value]),
            tf.cast(self.optimizer.iterations, tf.int64),
        )
