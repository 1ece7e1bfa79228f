"""The base class of language models."""

from typing import Any

import keras
import tensorflow as tf


class LanguageNetwork(keras.Model):
    """A language model, as training, evaluation and export know it.

    Its hidden state is a tensor of shape `(batch, units)`, or a nested tuple of such
    tensors where there are several layers, or memories beside their outputs.

    A subclass is called with tokens, or with a dictionary of `tokens`, `state`,
    `masks`, `length` and `targets`, and returns a `LanguageModelOutput`; see
    `LanguageModel`.

    Attributes:
        vocabulary_size: Number of words.
        shared_masks: Names of those of `draw_masks` that are the same for all texts of
            a batch; the others have a row for each.
    """

    vocabulary_size: int
    shared_masks: tuple[str, ...] = ("words",)

    @property
    def state_size(self) -> Any:
        """Units of the hidden state: an integer, or a nested tuple of integers."""
        raise NotImplementedError

    def get_initial_state(self, batch_size: tf.Tensor | int) -> Any:
        """Returns the hidden state before a text, zeros.

        Args:
            batch_size: Integer.
        """
        return tf.nest.map_structure(
            lambda units: tf.zeros([batch_size, units], self.compute_dtype),
            self.state_size,
        )

    def draw_masks(
        self, batch_size: tf.Tensor | int, seed: tf.Tensor
    ) -> dict[str, Any]:
        """Draws the dropout masks of a batch.

        Args:
            batch_size: Integer.
            seed: Integer tensor of shape `(2,)`.

        Returns:
            Dictionary for the call argument `inputs["masks"]`, of tensors or of nested
            tuples of them.
        """
        raise NotImplementedError

    @property
    def state_units(self) -> int:
        """Units of all parts of the hidden state together."""
        return sum(tf.nest.flatten(self.state_size))

    def join_state(self, state: Any) -> tf.Tensor:
        """Returns a hidden state as one tensor, of shape `(batch, state_units)`."""
        parts = tf.nest.flatten(state)
        return parts[0] if len(parts) == 1 else tf.concat(parts, axis=1)

    def split_state(self, joined: tf.Tensor) -> Any:
        """Returns the hidden state that `join_state` made one tensor of."""
        sizes = tf.nest.flatten(self.state_size)
        parts = [joined] if len(sizes) == 1 else tf.split(joined, sizes, axis=1)
        return tf.nest.pack_sequence_as(self.state_size, parts)

    def build_from_config(self, config):
        # It is overridden, because Keras' own says nothing where the model cannot be
        # built, and leaves it as it is.
        self.build()
