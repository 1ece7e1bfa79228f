"""What the Keras models that train a language model have in common."""

from typing import Any

import keras
import tensorflow as tf

from darts_tf.distribution.replicas import Replicas
from darts_tf.distribution.whole_batch_model import WholeBatchModel
from darts_tf.recurrent.language_network import LanguageNetwork
from darts_tf.recurrent.language_output import (
    LanguageModelOutput,
    cross_entropy,
    slowness,
)


class TextModel(WholeBatchModel):
    """Base of the models whose `fit` takes batches of streams of text.

    A batch is one of `darts_tf.data.text.text_batches`. The hidden state is carried
    from step to step, without gradient across steps, and begins with zeros where the
    text does.

    Under a distribution strategy every replica is given whole batches, and takes its
    rows of them and of their dropout masks.

    Args:
        network: Built `LanguageNetwork`.
        batch_size: Number of streams.
        gradient_clip: Largest norm of the gradient, or `None`.
        slowness_weight: Of the penalty on fast changes of the hidden state.
        seed: Integer of the dropout masks.
        **kwargs: See `keras.Model`.

    Attributes:
        replicas: `Replicas`.
        mean_loss: Metric, the loss without the penalty.
    """

    def __init__(
        self,
        network: LanguageNetwork,
        batch_size: int,
        gradient_clip: float | None,
        slowness_weight: float,
        seed: int,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.network, self.batch_size, self.seed = network, batch_size, seed
        self.gradient_clip, self.slowness_weight = gradient_clip, slowness_weight
        self.replicas = Replicas()
        self.mean_loss = keras.metrics.Mean("loss")

    def _add_state(self, name, rows):
        """Makes a hidden state, of shape `(rows, units)`, of each replica's own."""
        dtype = self.network.compute_dtype
        return tf.nest.map_structure(
            lambda units: self.replicas.own_variable((rows, units), dtype, name),
            self.network.state_size,
        )

    def _share(self, labels, output: LanguageModelOutput) -> tf.Tensor:
        """One replica's share of the loss of the batch, without the penalty.

        Args:
            labels: Tuple of the targets, int32 of shape `(batch, words)`, and of the
                number of words that count.
            output: What the network made of the words.
        """
        targets, length = labels
        return cross_entropy(targets, output, length) / self.replicas.count

    def _penalty_share(self, output: LanguageModelOutput, length) -> tf.Tensor:
        """One replica's share of the penalty."""
        penalty = self.slowness_weight * slowness(output, length)
        return penalty / self.replicas.count

    def _scale_learning_rate(self, usual, factor) -> None:
        """Sets the learning rate for a step.

        Args:
            usual: That of a step of the usual length.
            factor: The batch's `rate_factor`.
        """
        rate = self.optimizer.learning_rate
        self.replicas.assign([rate], [usual * tf.cast(factor, rate.dtype)])

    def _replica_inputs(self, batch, state, seeds) -> dict:
        """What this replica reads of a batch, the same at each call within a step.

        The masks are drawn for the whole batch, so that what a text's words drop does
        not depend on the number of replicas.

        Args:
            batch: Dictionary.
            state: Variable, or a nested tuple of variables: this replica's hidden
                state.
            seeds: int64 tensor of two numbers that fix the dropout masks, together
                with the number of the step.

        Returns:
            Inputs of the `LanguageNetwork`.
        """
        seed = tf.random.experimental.stateless_fold_in(
            seeds, self.optimizer.iterations.value
        )
        masks = self.network.draw_masks(self.batch_size, seed)
        part, shared = self.replicas.part, self.network.shared_masks
        return {
            "tokens": part(batch["tokens"]),
            "targets": part(batch["targets"]),
            "length": batch["length"],
            "state": carried(state, batch["starts"]),
            "masks": {
                # What is dropped in all texts, such as words, is no replica's part.
                name: mask if name in shared else tf.nest.map_structure(part, mask)
                for name, mask in masks.items()
            },
        }


def carried(state: Any, starts: tf.Tensor) -> Any:
    """Returns the hidden state before a batch: zeros where the text starts.

    Args:
        state: Variable, or a nested tuple of variables.
        starts: Whether it does.

    Returns:
        A tensor, or as many of them.
    """
    if isinstance(state, tuple):
        # Keras takes no nested tuple of the kind that TensorFlow keeps variables in.
        return tuple(carried(part, starts) for part in state)
    value = tf.convert_to_tensor(state)
    return tf.where(starts, tf.zeros_like(value), value)


def carry(state: Any, value: Any) -> None:
    """Sets a hidden state to that after a batch, see `carried`."""
    for variable, x in zip(tf.nest.flatten(state), tf.nest.flatten(value), strict=True):
        variable.assign(x)
