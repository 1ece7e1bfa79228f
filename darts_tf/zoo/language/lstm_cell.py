"""The LSTM cell, in the forms of the networks of the Penn Treebank table."""

from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff.dual_operations import scaled
from darts_tf.errors import invalid_value
from darts_tf.zoo.language.layer_cell import LayerCell
from darts_tf.zoo.language.package import PACKAGE


@keras.saving.register_keras_serializable(PACKAGE)
class LSTMCell(LayerCell):
    """Long short-term memory (Hochreiter and Schmidhuber 1997).

        i, f, g, o = x W + h U + b
        c' = sigmoid(f) c + sigmoid(i) tanh(g)
        h' = sigmoid(o) tanh(c')

    With one bias and nothing capped it is Keras' own, whose order of the gates it has
    as well. What that has not: the second bias of PyTorch's, which is counted among the
    weights of networks that were trained with it; an input gate that is no more than 1
    - sigmoid(f), which keeps c within [-1, 1] (Melis et al. 2018, arXiv 1707.05589);
    and a recurrent kernel from outside, of which a network drops elements.

    Args:
        units: Size of output and memory.
        num_biases: 1, or 2, which are added.
        caps_input_gate: Whether sigmoid(i) is capped at 1 - sigmoid(f).
        forget_bias: Initial value of the forget gate's bias, where other biases begin
            with zeros; `None` where all are drawn as kernels are, as PyTorch does.
        initial_bound: See `LayerCell`.

    Call arguments and output: see `LayerCell`.
    """

    NUM_PRODUCTS = 4

    def __init__(
        self,
        units: int,
        num_biases: int = 1,
        caps_input_gate: bool = False,
        forget_bias: float | None = None,
        initial_bound: float | None = None,
        **kwargs: Any,
    ):
        super().__init__(units, initial_bound, **kwargs)
        if num_biases not in (1, 2):
            raise invalid_value("num_biases", "1 or 2", num_biases)
        self.num_biases, self.caps_input_gate = num_biases, caps_input_gate
        self.forget_bias = forget_bias

    def build(self, input_shape):
        super().build(input_shape)
        initializer = None if self.forget_bias is None else self._initial_bias
        names = ("bias", "recurrent_bias")[: self.num_biases]
        self.biases = [
            self._add_weight(name, (4 * self.units,), initializer) for name in names
        ]

    def _initial_bias(self, shape, dtype=None):
        zeros = tf.zeros([self.units], dtype)
        return tf.concat([zeros, zeros + self.forget_bias, zeros, zeros], axis=0)

    def project(self, inputs: tf.Tensor) -> tf.Tensor:
        biases = [tf.convert_to_tensor(bias) for bias in self.biases]
        return super().project(inputs) + tf.add_n(biases)

    def step(
        self,
        projected: tf.Tensor,
        state: tuple[tf.Tensor, tf.Tensor],
        recurrent_kernel: tf.Tensor,
        hidden_mask: tf.Tensor | None = None,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        h, c = state
        gates = projected + tf.matmul(scaled(h, hidden_mask), recurrent_kernel)
        i, f, g, o = tf.split(gates, 4, axis=1)
        i, f, o = tf.sigmoid(i), tf.sigmoid(f), tf.sigmoid(o)
        if self.caps_input_gate:
            i = tf.minimum(i, 1 - f)
        c = f * c + i * tf.tanh(g)
        return o * tf.tanh(c), c

    def get_config(self):
        names = ("num_biases", "caps_input_gate", "forget_bias")
        own = {name: getattr(self, name) for name in names}
        return {**super().get_config(), **own}
