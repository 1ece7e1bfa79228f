"""The cell of the recurrent highway network (Zilly et al. 2016, arXiv 1607.03474)."""

from collections.abc import Mapping
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.autodiff.dual_operations import cast, concat, scaled, tanh
from darts_tf.limits import MAX_RECURRENT_NODES, check_size
from darts_tf.recurrent.cell import RecurrentCell, gated, product, read_weight
from darts_tf.zoo.language.package import PACKAGE


@keras.saving.register_keras_serializable(PACKAGE)
class HighwayCell(RecurrentCell):
    """Highway layers one after the other, from the hidden state to the next one.

        s_0 = the hidden state
        s_l = s_{l-1} + t_l (h_l - s_{l-1})
        h_l = tanh(x W_H [l = 1] + s_{l-1} R_H,l + b_H,l)
        t_l = sigmoid(x W_T [l = 1] + s_{l-1} R_T,l + b_T,l)

    The input x enters the first layer only. The carry gate is 1 - t (equations 6 to 9
    of the paper). The matrices of t and h stand side by side in one kernel, t first.

    In a `LanguageModel` it has the dropouts of the variational network: of its input,
    and one mask for the state in every layer.

    Args:
        units: Size of the states.
        depth: Number of layers, at least 2.
        transform_bias: Initial value of b_T; a negative one carries the state on.

    Call arguments and output: see `RecurrentCell`.

    Example:

    ```python
    layer = keras.layers.RNN(HighwayCell(830, depth=10), return_sequences=True)
    ```
    """

    def __init__(
        self, units: int, depth: int = 10, transform_bias: float = -2.0, **kwargs: Any
    ):
        check_size("depth", depth, 2, MAX_RECURRENT_NODES + 1)
        super().__init__(units, num_nodes=depth - 1, **kwargs)
        self.depth, self.transform_bias = depth, float(transform_bias)

    def build(self, input_shape):
        self.biases = [
            self.add_weight(
                shape=(2 * self.units,),
                initializer=_FirstHalf(self.transform_bias),
                autocast=False,
                name=f"layer_{layer}_bias",
            )
            for layer in range(1, self.depth + 1)
        ]
        super().build(input_shape)

    def read_weights(self, constant: bool = False) -> dict[str, list]:
        biases = [read_weight(bias, constant) for bias in self.biases]
        return {**super().read_weights(constant), "biases": biases}

    def step(
        self,
        inputs: tf.Tensor | Dual,
        state: tf.Tensor | Dual,
        parameters: Mapping,
        input_mask: tf.Tensor | None = None,
        hidden_mask: tf.Tensor | None = None,
    ) -> tf.Tensor | Dual:
        read = concat([scaled(inputs, input_mask), scaled(state, hidden_mask)], axis=1)
        kernels = [*parameters["input_kernel"], *parameters["node_kernels"]]
        for kernel, bias in zip(kernels, parameters["biases"], strict=True):
            gates = product(read, kernel)
            state = gated(state, gates + cast(bias, gates.dtype), tanh)
            read = scaled(state, hidden_mask)
        return state

    def get_config(self):
        config = {"depth": self.depth, "transform_bias": self.transform_bias}
        return {**super().get_config(), **config}


class _FirstHalf(keras.Initializer):
    """A number in the first half of a vector, and zeros in the second."""

    def __init__(self, value):
        self.value = value

    def __call__(self, shape, dtype=None):
        (size,) = shape
        first = tf.fill([size // 2], tf.cast(self.value, dtype))
        return tf.concat([first, tf.zeros([size - size // 2], dtype)], axis=0)
