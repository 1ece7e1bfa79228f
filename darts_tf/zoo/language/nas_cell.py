"""The recurrent cell that reinforcement learning has found (arXiv 1611.01578)."""

import keras
import tensorflow as tf

from darts_tf.autodiff.dual_operations import scaled
from darts_tf.zoo.language.layer_cell import LayerCell
from darts_tf.zoo.language.package import PACKAGE


@keras.saving.register_keras_serializable(PACKAGE)
class NASCell(LayerCell):
    """Cell of Zoph and Le 2017 (figure 8 of their paper), without biases.

    With a_i = x W_i and b_i = h U_i, i = 0 ... 7:

        l_i = sigmoid(a_i + b_i),  i = 0, 2, 5, 7
        l_1 = relu(a_1 + b_1),  l_3 = relu(a_3 b_3)
        l_4 = tanh(a_4 + b_4),  l_6 = tanh(a_6 + b_6)
        c' = tanh(tanh(l_0 l_1) + c) tanh(l_2 + l_3)
        h' = tanh(c' tanh(tanh(l_4 l_5) + sigmoid(l_6 + l_7)))

    Args:
        units: Size of output and memory.
        initial_bound: See `LayerCell`.

    Call arguments and output: see `LayerCell`.
    """

    NUM_PRODUCTS = 8

    def step(
        self,
        projected: tf.Tensor,
        state: tuple[tf.Tensor, tf.Tensor],
        recurrent_kernel: tf.Tensor,
        hidden_mask: tf.Tensor | None = None,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        h, c = state
        a = tf.split(projected, 8, axis=1)
        b = tf.split(tf.matmul(scaled(h, hidden_mask), recurrent_kernel), 8, axis=1)
        l0, l2, l5, l7 = (tf.sigmoid(a[i] + b[i]) for i in (0, 2, 5, 7))
        l1, l3 = tf.nn.relu(a[1] + b[1]), tf.nn.relu(a[3] * b[3])
        l4, l6 = (tf.tanh(a[i] + b[i]) for i in (4, 6))
        c = tf.tanh(tf.tanh(l0 * l1) + c) * tf.tanh(l2 + l3)
        q = tf.tanh(tf.tanh(l4 * l5) + tf.sigmoid(l6 + l7))
        return tf.tanh(c * q), c
