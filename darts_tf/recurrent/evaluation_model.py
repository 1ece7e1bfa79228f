"""The Keras model whose `fit` trains a language model (paper, section 3.4)."""

import keras
import tensorflow as tf

from darts_tf.autodiff.custom_gradients import forgettable
from darts_tf.distribution.replicas import Replicas
from darts_tf.distribution.whole_batch_model import WholeBatchModel
from darts_tf.method import architecture_gradient
from darts_tf.recurrent.language_model import cross_entropy, slowness
from darts_tf.recurrent.replica_inputs import part_of_inputs


class LanguageTrainingModel(WholeBatchModel):
    """Trains a language model on streams of text.

    `fit` takes a dataset of batches as `darts_tf.data.text.text_batches` makes them.
    The hidden state is carried from step to step, without gradient across steps.

    Under a distribution strategy every replica is given whole batches, and takes its
    rows of them and of their dropout masks.

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
        self.batch_size, self.seed = batch_size, seed
        self.replicas = Replicas()
        self.state = self.replicas.own_variable(
            (batch_size // self.replicas.count, network.cell.units),
            network.compute_dtype,
            "state",
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
        self.learning_rate = float(optimizer.learning_rate.numpy())
        optimizer.build(self.network.trainable_variables)
        self.built = True

    @property
    def recoverable_variables(self):
        """What goes back to the best epoch after a loss that is no number."""
        return [*self.network.variables, *self.optimizer.variables]

    @property
    def state_variables(self):
        """All that a step moves, and what a checkpoint holds."""
        return [*self.recoverable_variables, self.recoveries]

    @forgettable
    def train_step(self, batch):
        length, count = batch["length"], self.replicas.count
        inputs = self._inputs(batch)
        variables = self.network.trainable_variables
        with tf.GradientTape() as tape:
            output = self.network(inputs, training=True)
            loss = cross_entropy(inputs["targets"], output, length) / count
            penalty = self.slowness_weight * slowness(output, length) / count
            share = loss + penalty
        gradients = tape.gradient(share, [v.value for v in variables])
        gradients, loss = self.replicas.total((gradients, loss))
        clipped, _, _ = architecture_gradient.clip_by_norm(
            gradients, self.gradient_clip
        )
        rate = self.optimizer.learning_rate
        factor = tf.cast(batch["rate_factor"], rate.dtype)
        self.replicas.assign([rate], [self.learning_rate * factor])
        self.replicas.apply(self.optimizer, clipped, variables)
        self.state.assign(output.state)
        self.mean_loss.update_state(loss, sample_weight=length)
        return {"loss": self.mean_loss.result()}

    def _inputs(self, batch):
        """What this replica reads, from its hidden state on."""
        state = tf.convert_to_tensor(self.state)
        return part_of_inputs(
            self.replicas,
            {
                "tokens": batch["tokens"],
                "targets": batch["targets"],
                "length": batch["length"],
                "state": tf.where(batch["starts"], tf.zeros_like(state), state),
                "masks": self.network.draw_masks(self.batch_size, self._mask_seed()),
            },
        )

    def _mask_seed(self):
        """A seed for each step, of tensors that a checkpoint holds."""
        return tf.random.experimental.stateless_fold_in(
            tf.stack([tf.constant(self.seed, tf.int64), self.recoveries.value]),
            tf.cast(self.optimizer.iterations, tf.int64),
        )
