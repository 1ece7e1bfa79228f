"""The language model of several recurrent layers, one above the other."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff.dual_operations import scaled
from darts_tf.errors import invalid_value
from darts_tf.limits import MAX_UNITS, MAX_WORDS, check_size
from darts_tf.recurrent.decoder import Decoder, decode
from darts_tf.recurrent.dropout import DropoutRates, draw_mask
from darts_tf.recurrent.language_network import LanguageNetwork
from darts_tf.recurrent.language_output import LanguageModelOutput
from darts_tf.recurrent.sequences import embed, state_after
from darts_tf.zoo.language.layer_cell import LayerCell
from darts_tf.zoo.language.package import PACKAGE

# Masks of which each layer has its own, and more than there are names of masks.
_OF_LAYERS = ("inputs", "hidden")
_STRIDE = 100


@keras.saving.register_keras_serializable(PACKAGE)
class StackedLanguageModel(LanguageNetwork):
    """Embedding, recurrent layers, and decoder with the embedding's weights.

    Of the five dropouts, `inputs` is that of the input of every layer but the first,
    and `hidden` that of the previous output where a layer's recurrent kernel reads it.
    Where `drops_kernels`, elements of that kernel are dropped instead, the same for all
    texts of a batch (weight drop of Merity et al. 2018, arXiv 1708.02182).

    Args:
        vocabulary_size: Number of words.
        cells: `LayerCell`s, one for each layer, from below.
        embedding_units: Size of the embedding, which the decoder needs the last layer
            to be of; default is that size.
        dropout: `DropoutRates`, or a dictionary of its fields.
        drops_kernels: Whether `hidden` is of elements of the recurrent kernels.
        sums_layers: Whether the sum of all layers' outputs is decoded, and not that of
            the last alone; all layers have its size then.
        embedding_bound: The embedding is drawn uniformly up to this number.
        seed: Integer of the masks that the model draws itself.

    Call arguments:
        inputs: Tokens, integers of shape `(batch, time)`, or a dictionary, see
            `LanguageModel`; `state` is a tuple, of a tuple of output and memory for
            each layer.
        training: Whether the masks are applied.

    Output: `LanguageModelOutput`; its `hidden` is what is decoded, before dropout.

    Example:

    ```python
    cells = [LSTMCell(1150), LSTMCell(1150), LSTMCell(400)]
    model = StackedLanguageModel(10_000, cells)
    ```
    """

    def __init__(
        self,
        vocabulary_size: int,
        cells: Sequence[LayerCell],
        embedding_units: int | None = None,
        dropout: DropoutRates | Mapping | None = None,
        drops_kernels: bool = False,
        sums_layers: bool = False,
        embedding_bound: float = 0.1,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        check_size("vocabulary_size", vocabulary_size, 2, MAX_WORDS)
        cells = list(cells)
        if not cells or not all(isinstance(cell, LayerCell) for cell in cells):
            raise invalid_value("cells", "one or more `LayerCell`s", cells)
        if embedding_units is None:
            embedding_units = cells[-1].units
        check_size("embedding_units", embedding_units, 1, MAX_UNITS)
        self.embedding_units = embedding_units
        if sums_layers and len({cell.units for cell in cells}) > 1:
            expected = "cells of one size, whose outputs can be summed"
            raise invalid_value("cells", expected, [cell.units for cell in cells])
        if not isinstance(dropout, DropoutRates):
            dropout = DropoutRates(**(dropout or {}))
        self.vocabulary_size, self.cells, self.dropout = vocabulary_size, cells, dropout
        self.drops_kernels, self.sums_layers = drops_kernels, sums_layers
        self.embedding_bound, self.seed = embedding_bound, seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self._decoder = self._make_decoder()

    def _make_decoder(self):
        units = self.cells[-1].units
        if units != self.embedding_units:
            expected = f"that of the last layer, {units}, where the decoder is tied"
            raise invalid_value("embedding_units", expected, self.embedding_units)
        return Decoder(recompute=False)

    @property
    def state_size(self) -> tuple[tuple[int, int], ...]:
        """Units of output and memory of each layer."""
        return tuple((cell.units, cell.units) for cell in self.cells)

    @property
    def shared_masks(self) -> tuple[str, ...]:
        """See `LanguageNetwork`."""
        return ("words", "hidden") if self.drops_kernels else ("words",)

    def build(self, input_shape=None):
        bound = self.embedding_bound
        self.embedding = self.add_weight(
            shape=(self.vocabulary_size, self.embedding_units),
            initializer=keras.initializers.RandomUniform(-bound, bound),
            name="embedding",
        )
        self.decoder_bias = self.add_weight(
            shape=(self.vocabulary_size,), initializer="zeros", name="decoder_bias"
        )
        units = self.embedding_units
        for cell in self.cells:
            if not cell.built:
                cell.build((None, units))
            units = cell.units
        self.built = True

    def call(self, inputs, training=False):
        if not isinstance(inputs, dict):
            inputs = {"tokens": inputs}
        tokens, state = inputs["tokens"], inputs.get("state")
        batch_size = tf.shape(tokens)[0]
        if state is None:
            state = self.get_initial_state(batch_size)
        masks = inputs.get("masks") if training else {}
        if masks is None:
            masks = self.draw_masks(batch_size, self.seed_generator.next())
        embedding = tf.convert_to_tensor(self.embedding)
        embedded = embed(embedding, tokens, masks, self.compute_dtype)
        states = self._over_time(embedded, state, masks)
        length = inputs.get("length")
        last_state = tf.nest.map_structure(lambda x: state_after(x, length), states)
        layers = [h for h, _ in states]
        hidden = tf.add_n(layers) if self.sums_layers else layers[-1]
        outputs = scaled(hidden, masks.get("outputs"))
        if "targets" not in inputs:
            logits = self.decode(outputs, masks)
            return LanguageModelOutput(logits, last_state, hidden)
        losses = self.losses(outputs, inputs["targets"], masks)
        return LanguageModelOutput(None, last_state, hidden, losses)

    def _over_time(self, inputs, state, masks):
        """Returns the states of each layer after each word."""
        states = []
        for layer, cell in enumerate(self.cells):
            if layer and "inputs" in masks:
                inputs = scaled(inputs, masks["inputs"][layer - 1])
            mask = masks["hidden"][layer] if "hidden" in masks else None
            name = "kernel_mask" if self.drops_kernels else "hidden_mask"
            states.append(cell.over_time(inputs, state[layer], **{name: mask}))
            inputs, _ = states[-1]
        return tuple(states)

    def decode(self, outputs: tf.Tensor, masks: Mapping[str, Any]) -> tf.Tensor:
        """Computes the logits of the next word.

        Args:
            outputs: Tensor of shape `(batch, time, units)`.
            masks: The dropout masks, empty but in training.

        Returns:
            Tensor of shape `(batch, time, vocabulary)`.
        """
        return decode(outputs, *self._decoder_weights())

    def losses(
        self, outputs: tf.Tensor, targets: tf.Tensor, masks: Mapping[str, Any]
    ) -> tf.Tensor:
        """Computes the negative log-likelihood of each target, in nats.

        Args:
            outputs, masks: As in `decode`.
            targets: Integer tensor of shape `(batch, time)`.

        Returns:
            Tensor of shape `(batch, time)`.
        """
        weights = self._decoder_weights()
        return self._decoder.losses(outputs, *weights, targets, constant_weights=False)

    def _decoder_weights(self):
        variables = (self.embedding, self.decoder_bias)
        return [tf.convert_to_tensor(variable) for variable in variables]

    def draw_masks(
        self, batch_size: tf.Tensor | int, seed: tf.Tensor
    ) -> dict[str, Any]:
        """Draws the dropout masks of a batch.

        Args:
            batch_size: Integer.
            seed: Integer tensor of shape `(2,)`; the same seed draws the same masks.

        Returns:
            Dictionary by the names of `DropoutRates`, of those with a rate above 0:
            tensors, for `inputs` and `hidden` tuples of one for each layer.
        """
        masks, dtype = {}, self.compute_dtype
        for index, (name, shapes) in enumerate(self.mask_shapes(batch_size).items()):
            rate = self.rate_of(name)
            if rate:
                layers = tuple(
                    draw_mask(rate, seed, index + _STRIDE * layer, shape, dtype)
                    for layer, shape in enumerate(shapes)
                )
                masks[name] = layers if name in _OF_LAYERS else layers[0]
        return masks

    def rate_of(self, name: str) -> float:
        """Returns the rate of the dropout of a name in `mask_shapes`."""
        return getattr(self.dropout, name)

    def mask_shapes(self, batch_size: tf.Tensor | int) -> dict[str, list]:
        """Returns the shapes of the masks by name, one, or one for each layer."""
        units = [cell.units for cell in self.cells]
        kernels = [(cell.units, cell.NUM_PRODUCTS * cell.units) for cell in self.cells]
        states = [(batch_size, size) for size in units]
        return {
            "words": [(self.vocabulary_size, 1)],
            "embedded": [(batch_size, 1, self.embedding_units)],
            "inputs": [(batch_size, 1, size) for size in units[:-1]],
            "hidden": kernels if self.drops_kernels else states,
            "outputs": [(batch_size, 1, units[-1])],
        }

    def get_config(self):
        names = ("embedding_units", "drops_kernels", "sums_layers", "embedding_bound")
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "cells": [keras.saving.serialize_keras_object(cell) for cell in self.cells],
            "dropout": dataclasses.asdict(self.dropout),
            "seed": self.seed,
            **{name: getattr(self, name) for name in names},
        }

    @classmethod
    def from_config(cls, config):
        cells = config.pop("cells")
        cells = [keras.saving.deserialize_keras_object(cell) for cell in cells]
        return cls(cells=cells, **config)
