"""The base class of the cells of networks with several recurrent layers."""

import math
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff.dual_operations import scaled
from darts_tf.errors import invalid_value
from darts_tf.limits import MAX_UNITS, check_size
from darts_tf.recurrent.sequences import over_time


class LayerCell(keras.layers.Layer):
    """A cell with a memory c beside its output h, both of which are its state.

    It has the interface of Keras' own cells, `keras.layers.RNN(cell)`. The products of
    the input are made by themselves, in `project`, so that a layer makes those of all
    words of a text at once.

    Args:
        units: Size of output and memory.
        initial_bound: Kernels are drawn uniformly up to this number; `None` for the
            inverse of the square root of `units`.

    Attributes:
        NUM_PRODUCTS: How many times as wide as `units` the kernels are.

    Call arguments:
        inputs: Tensor of shape `(batch, features)`.
        states: List or tuple of h and c, each of shape `(batch, units)`.

    Output: the next h, and a list of the next h and c.
    """

    NUM_PRODUCTS: int

    def __init__(self, units: int, initial_bound: float | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        check_size("units", units, 1, MAX_UNITS)
        if initial_bound is not None and not initial_bound > 0:
            raise invalid_value("initial_bound", "a number above 0", initial_bound)
        self.units, self.initial_bound = units, initial_bound
        self.state_size, self.output_size = [units, units], units

    def build(self, input_shape):
        width = self.NUM_PRODUCTS * self.units
        self.kernel = self._add_weight("kernel", (input_shape[-1], width))
        self.recurrent_kernel = self._add_weight(
            "recurrent_kernel", (self.units, width)
        )
        self.built = True

    def _add_weight(self, name, shape, initializer=None):
        bound = self.initial_bound or 1 / math.sqrt(self.units)
        uniform = keras.initializers.RandomUniform(-bound, bound)
        return self.add_weight(
            shape=shape, initializer=initializer or uniform, name=name
        )

    def project(self, inputs: tf.Tensor) -> tf.Tensor:
        """Computes what a step needs of the input.

        Args:
            inputs: Tensor of shape `(..., features)`.

        Returns:
            Tensor of shape `(..., NUM_PRODUCTS * units)`.
        """
        kernel = tf.convert_to_tensor(self.kernel)
        rows = tf.reshape(inputs, [-1, kernel.shape[0]])
        shape = tf.concat([tf.shape(inputs)[:-1], kernel.shape[1:]], axis=0)
        projected = tf.reshape(tf.matmul(rows, kernel), shape)
        return tf.ensure_shape(projected, [*inputs.shape[:-1], kernel.shape[1]])

    def step(
        self,
        projected: tf.Tensor,
        state: tuple[tf.Tensor, tf.Tensor],
        recurrent_kernel: tf.Tensor,
        hidden_mask: tf.Tensor | None = None,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Computes the next state, a pure function of its arguments.

        Args:
            projected: What `project` returned, shape `(batch, NUM_PRODUCTS * units)`.
            state: Tuple of h and c.
            recurrent_kernel: Tensor of shape `(units, NUM_PRODUCTS * units)`.
            hidden_mask: Dropout mask of h where the product reads it, or `None`.

        Returns:
            Tuple of h and c.
        """
        raise NotImplementedError

    def over_time(
        self,
        inputs: tf.Tensor,
        state: tuple[tf.Tensor, tf.Tensor],
        hidden_mask: tf.Tensor | None = None,
        kernel_mask: tf.Tensor | None = None,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Computes the states after each word.

        Args:
            inputs: Tensor of shape `(batch, time, features)`.
            state: Tuple of h and c before the first word.
            hidden_mask: See `step`; the same for all words.
            kernel_mask: Dropout mask of the recurrent kernel, of its shape, or `None`.

        Returns:
            Tuple of h and c, each of shape `(batch, time, units)`.
        """
        kernel = scaled(tf.convert_to_tensor(self.recurrent_kernel), kernel_mask)
        return over_time(
            lambda state, projected: self.step(projected, state, kernel, hidden_mask),
            self.project(inputs),
            state,
        )

    def call(self, inputs, states):
        kernel = tf.convert_to_tensor(self.recurrent_kernel)
        state = self.step(self.project(inputs), tuple(states), kernel)
        return state[0], list(state)

    def get_initial_state(self, batch_size=None):
        """Returns a list of h and c, zeros of shape `(batch, units)`."""
        zeros = tf.zeros([batch_size, self.units], self.compute_dtype)
        return [zeros, zeros]

    def get_config(self):
        config = {"units": self.units, "initial_bound": self.initial_bound}
        return {**super().get_config(), **config}
