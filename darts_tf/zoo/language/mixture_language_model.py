"""The language model whose words come from a mixture of softmaxes."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff.dual_operations import scaled
from darts_tf.errors import invalid_value
from darts_tf.limits import check_size
from darts_tf.zoo.language.layer_cell import LayerCell
from darts_tf.zoo.language.mixture_decoder import MixtureDecoder, MixtureWeights
from darts_tf.zoo.language.package import PACKAGE
from darts_tf.zoo.language.stacked_language_model import StackedLanguageModel

_MAX_EXPERTS = 1000


@keras.saving.register_keras_serializable(PACKAGE)
class MixtureLanguageModel(StackedLanguageModel):
    """Stacked layers below a mixture of softmaxes (Yang et al. 2018, arXiv 1711.03953).

    The output of the last layer gives each expert a weight, its prior, and a vector of
    the embedding's size, its latent one, which is decoded with the embedding:

        pi = softmax(output P),  latent_k = tanh(output L_k + b_k)
        p(word) = sum_k pi_k softmax(latent_k E^T + b)_word

    Args:
        vocabulary_size, cells: See `StackedLanguageModel`.
        embedding_units: Size of the embedding; it need not be that of a layer.
        num_experts: Number of softmaxes.
        latent_rate: Dropout rate of the latent vectors, fixed over time.
        **kwargs: See `StackedLanguageModel`.

    Call arguments and output: see `StackedLanguageModel`. The logits are logarithms of
    probabilities.
    """

    def __init__(
        self,
        vocabulary_size: int,
        cells: Sequence[LayerCell],
        embedding_units: int,
        num_experts: int = 15,
        latent_rate: float = 0.0,
        **kwargs: Any,
    ):
        check_size("num_experts", num_experts, 1, _MAX_EXPERTS)
        if not 0 <= latent_rate < 1:
            raise invalid_value("latent_rate", "a rate in [0, 1)", latent_rate)
        super().__init__(vocabulary_size, cells, embedding_units, **kwargs)
        self.num_experts, self.latent_rate = num_experts, latent_rate

    def _make_decoder(self):
        return MixtureDecoder()

    def build(self, input_shape=None):
        units, latent = self.cells[-1].units, self.num_experts * self.embedding_units
        bound = units**-0.5
        uniform = keras.initializers.RandomUniform(-bound, bound)
        for name, shape in (
            ("prior_kernel", (units, self.num_experts)),
            ("latent_kernel", (units, latent)),
            ("latent_bias", (latent,)),
        ):
            weight = self.add_weight(shape=shape, initializer=uniform, name=name)
            setattr(self, name, weight)
        super().build(input_shape)

    def decode(self, outputs: tf.Tensor, masks: Mapping[str, Any]) -> tf.Tensor:
        outputs, latent = self._latent(outputs, masks)
        return self._decoder.log_probabilities(outputs, latent, self._decoder_weights())

    def losses(
        self, outputs: tf.Tensor, targets: tf.Tensor, masks: Mapping[str, Any]
    ) -> tf.Tensor:
        outputs, latent = self._latent(outputs, masks)
        return self._decoder.losses(outputs, latent, targets, self._decoder_weights())

    def _latent(self, outputs, masks):
        """Returns the outputs and the latent vectors.

        The latter are of shape `(batch, time, experts * embedding units)`.
        """
        kernel, bias = map(tf.convert_to_tensor, (self.latent_kernel, self.latent_bias))
        latent = tf.tanh(tf.tensordot(outputs, kernel, 1) + bias)
        return outputs, scaled(latent, masks.get("latent"))

    def _decoder_weights(self):
        variables = (self.prior_kernel, self.embedding, self.decoder_bias)
        return MixtureWeights(*map(tf.convert_to_tensor, variables))

    def rate_of(self, name: str) -> float:
        return self.latent_rate if name == "latent" else super().rate_of(name)

    def mask_shapes(self, batch_size: tf.Tensor | int) -> dict[str, list]:
        latent = self.num_experts * self.embedding_units
        shapes = super().mask_shapes(batch_size)
        return {**shapes, "latent": [(batch_size, 1, latent)]}

    def get_config(self):
        names = ("num_experts", "latent_rate")
        own = {name: getattr(self, name) for name in names}
        return {**super().get_config(), **own}
