"""The base class of search and evaluation cells (paper, section 3.1.2)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.autodiff.dual import Dual
from darts_tf.autodiff.dual_operations import (
    add_in_order,
    concat,
    scaled,
    sigmoid,
    split,
    stop_gradient,
    tanh,
)
from darts_tf.autodiff.named_gradients import product_by_constant
from darts_tf.limits import MAX_RECURRENT_NODES, MAX_UNITS, check_size

# Keras finds a saved class by package and name; "darts_tf" has a `SearchCell` already.
PACKAGE = "darts_tf.recurrent"
INITIAL_BOUND = 0.04


def initial_weights() -> keras.Initializer:
    """Returns the initializer of all weights of the recurrent networks."""
    return keras.initializers.RandomUniform(-INITIAL_BOUND, INITIAL_BOUND)


def gated(
    state: tf.Tensor | Dual, gates: tf.Tensor | Dual, activation: Callable
) -> tf.Tensor | Dual:
    """Moves a state towards an activation as far as a gate lets it.

        c, t = gates
        state + sigmoid(c) (activation(t) - state)

    Args:
        state: Tensor of shape `(batch, units)`.
        gates: Tensor of shape `(batch, 2 * units)`.
        activation: Elementwise function of a tensor, or of a `Dual` if these are.

    Returns:
        Tensor of shape `(batch, units)`.
    """
    c, t = split(gates, 2, axis=-1)
    return state + sigmoid(c) * (activation(t) - state)


@dual.bilinear
def product(
    x: tf.Tensor | Dual,
    kernel: tf.Tensor | Dual,
    *,
    transpose_b: bool = False,
    constant: bool = False,
) -> tf.Tensor | Dual:
    """Matrix product of tensors or of `Dual`, in the dtype of x."""
    # The kernel is cast here and not before the loop, so that its gradient is summed
    # over time in more than 16 bits.
    kernel = tf.cast(kernel, x.dtype)
    multiply = product_by_constant if constant else tf.matmul
    return multiply(x, kernel, transpose_b=transpose_b)


@dual.linear
def mean_of(states: Sequence) -> tf.Tensor | Dual:
    """Mean of a list of states."""
    return add_in_order(states) / len(states)


class RecurrentCell(keras.layers.Layer):
    """A recurrent cell that is a graph of gated states.

    It has the interface of Keras' own cells, `keras.layers.RNN(cell)`; there it has no
    dropout, which a `LanguageModel` gives it. A subclass says what follows from state
    0, in `output_of`.

    Args:
        units: Size of the states.
        num_nodes: Number of nodes after state 0.

    Call arguments:
        inputs: Tensor of shape `(batch, features)`.
        states: List of one tensor, the hidden state, shape `(batch, units)`.

    Output: the next hidden state, shape `(batch, units)`, and a list of the same.
    """

    def __init__(self, units: int, num_nodes: int, **kwargs: Any):
        super().__init__(**kwargs)
        check_size("units", units, 1, MAX_UNITS)
        check_size("num_nodes", num_nodes, 1, MAX_RECURRENT_NODES)
        self.units, self.num_nodes = units, num_nodes
        self.state_size = self.output_size = units

    def build(self, input_shape):
        rows = input_shape[-1] + self.units
        self.input_kernel = self._add_kernel(rows, "input_kernel")
        self.node_kernels = [
            self._add_kernel(self.units, f"node_{node}_kernel")
            for node in range(1, self.num_nodes + 1)
        ]
        self.built = True

    def _add_kernel(self, rows, name):
        return self.add_weight(
            shape=(rows, 2 * self.units),
            initializer=initial_weights(),
            autocast=False,
            name=name,
        )

    @property
    def alphas(self) -> list[keras.Variable]:
        """Architecture parameters, if the cell has any."""
        return []

    def coefficients(
        self, values: Sequence[tf.Tensor] | None = None, drawn: Any = None
    ) -> Mapping[str, dict[str, tf.Tensor]]:
        """Returns what alpha stands for, if the cell has any.

        Args:
            values, drawn: See `Architecture.coefficients`.
        """
        return {}

    def parameters(self, constant_weights: bool = False) -> dict[str, list]:
        """Returns all that a step reads, as a dictionary of lists of tensors.

        Taken once, they serve every step of a sequence.

        Args:
            constant_weights: Whether gradients stop at the weights, so that those in
                alpha cost less.
        """
        return {**self.read_weights(constant_weights), **self.mixture()}

    def mixture(self, coefficients: Any = None) -> dict[str, list]:
        """Returns those of `parameters` that depend on alpha.

        Args:
            coefficients: In place of those for the values of alpha.
        """
        return {}

    def read_weights(self, constant: bool = False) -> dict[str, list]:
        """Returns those of `parameters` that are weights; arguments as there."""
        return {
            name: [read_weight(variable, constant) for variable in variables]
            for name, variables in (
                ("input_kernel", [self.input_kernel]),
                ("node_kernels", self.node_kernels),
            )
        }

    def step(
        self,
        inputs: tf.Tensor | Dual,
        state: tf.Tensor | Dual,
        parameters: Mapping,
        input_mask: tf.Tensor | None = None,
        hidden_mask: tf.Tensor | None = None,
    ) -> tf.Tensor | Dual:
        """Computes the next hidden state, a pure function of its arguments.

        Tensors that move with the weights may be `Dual`, then inputs and state as well.

        Args:
            inputs: Tensor of shape `(batch, features)`.
            state: Hidden state, shape `(batch, units)`.
            parameters: Dictionary of tensors, see `parameters`.
            input_mask: Dropout mask of the inputs, or `None`.
            hidden_mask: Dropout mask of the hidden state and of every node where a
                node reads it, shape `(batch, units)`, or `None`.

        Returns:
            Tensor of shape `(batch, units)`.
        """
        joined = concat(
            [scaled(inputs, input_mask), scaled(state, hidden_mask)], axis=1
        )
        (input_kernel,) = parameters["input_kernel"]
        first = self.first_state(state, product(joined, input_kernel))
        return self.output_of(first, parameters, hidden_mask)

    def first_state(
        self, state: tf.Tensor | Dual, gates: tf.Tensor | Dual
    ) -> tf.Tensor | Dual:
        """Computes state 0 from the hidden state and its gates."""
        return gated(state, gates, tanh)

    def output_of(
        self,
        first: tf.Tensor | Dual,
        parameters: Mapping,
        hidden_mask: tf.Tensor | None,
    ) -> tf.Tensor | Dual:
        """Computes the output from state 0; arguments as `step`."""
        raise NotImplementedError

    def call(self, inputs, states):
        output = self.step(inputs, states[0], self.parameters())
        return output, [output]

    def get_initial_state(self, batch_size=None):
        """Returns a list of one state of zeros, shape `(batch, units)`."""
        return [tf.zeros([batch_size, self.units], self.compute_dtype)]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def read_weight(variable: keras.Variable, constant: bool = False) -> tf.Tensor | Dual:
    """Returns the value of a weight, without gradient if `constant`.

    It is a `Dual` within `dual.along`.
    """
    x = dual.read(variable)
    return stop_gradient(x) if constant else x
