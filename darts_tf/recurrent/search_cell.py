"""The recurrent cell that contains every architecture of the search space."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.autodiff.dual import Dual
from darts_tf.autodiff.dual_operations import (
    add_in_order,
    add_n,
    cast,
    concat,
    in_full_precision,
    rsqrt,
    scaled,
    sigmoid,
    split,
    stack,
    tanh,
    unstack,
)
from darts_tf.autodiff.recomputed import Recomputed
from darts_tf.errors import invalid_value
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.method.architecture import OPERATIONS, Architecture, Coefficients
from darts_tf.method.methods import DARTS, SearchMethod
from darts_tf.recurrent.activations import DARTS_ACTIVATIONS, get_activation
from darts_tf.recurrent.cell import (
    PACKAGE,
    RecurrentCell,
    gated,
    mean_of,
    product,
)
from darts_tf.space.search_space import recurrent_space
from darts_tf.space.topology import NONE

EPSILON = 1e-5
_COMPILED_UNITS = 64


def normalize(x: tf.Tensor | Dual) -> tf.Tensor | Dual:
    """Normalizes every column to mean 0 and variance 1 over the batch.

    Args:
        x: Tensor of shape `(batch, units)`; of 16 bits the statistics are in float32.

    Raises:
        ValueError: If the batch is known to have one row, of which nothing is left.
    """
    if x.shape[0] == 1:
        raise ValueError(
            "Received a batch of 1, expected at least 2 rows: the cell of the search "
            "normalizes over the batch, also when it is evaluated."
        )
    dtype, x = x.dtype, in_full_precision(x)
    centred = x - mean_of_rows(x)
    return cast(centred * rsqrt(mean_of_rows(centred * centred) + EPSILON), dtype)


@dual.linear
def mean_of_rows(x: tf.Tensor | Dual) -> tf.Tensor | Dual:
    """Mean over the batch, shape `(1, units)`."""
    return tf.reduce_mean(x, axis=0, keepdims=True)


def mixed_edge(
    state: tf.Tensor | Dual,
    gates: tf.Tensor | Dual,
    coefficients: tf.Tensor | Dual,
    activations: Sequence[Callable],
) -> tf.Tensor | Dual:
    """Mixes the activations on an edge (paper, equation 2).

    With k over the activations, their coefficients a_k, and the gates c and t,

        sum_k a_k (s + sigmoid(c) (f_k(t) - s))
            = A s + sigmoid(c) (sum_k a_k f_k(t) - A s),  A = sum_k a_k.

    `none` is left out of the sums: it yields zero, its state included. Both sums, and
    that over all elements which the gradient in the coefficients is, are in float32
    where state and gates have 16 bits.

    Args:
        state: Tensor of shape `(batch, units)`, s.
        gates: Tensor of shape `(batch, 2 * units)`.
        coefficients: Tensor of shape `(activations,)`, no less than float32.
        activations: List of elementwise functions.

    Returns:
        Tensor of shape `(batch, units)`.
    """
    dtype = state.dtype
    state, gates = in_full_precision(state), in_full_precision(gates)
    c, t = split(gates, 2, axis=-1)
    factors = unstack(coefficients)
    activated = add_n([scaled(f(t), a) for a, f in zip(factors, activations)])
    kept = scaled(state, add_in_order(factors))
    return cast(kept + sigmoid(c) * (activated - kept), dtype)


@keras.saving.register_keras_serializable(PACKAGE)
class SearchCell(RecurrentCell):
    """Recurrent cell whose nodes read all earlier states by all activations.

    State 0 and every node are normalized over the batch, by one and the same
    normalization without scale and offset. The authors' code keeps a running average
    over all nodes for inference; here the statistics are always those of the batch, so
    that the cell has no state but its weights.

    The cell is the whole search space, so it owns alpha, shape `(edges, activations)`,
    and says which space it is, in its attribute `space`.

    Args:
        units: Size of the states.
        num_nodes: Number of nodes after state 0.
        activations: Names of registered activations, or `"none"`, in the order of
            alpha's columns.
        jit_compile: Whether XLA compiles what lies between the matrix products. By
            default it does from 64 units on; for less, compiling takes longer than
            it saves.
        method: `SearchMethod`; default is that of DARTS. Its edges must be whole.

    Call arguments and output: see `RecurrentCell`.

    Example:

    ```python
    layer = keras.layers.RNN(SearchCell(16, num_nodes=3))
    layer(tf.ones([4, 5, 16]))  # (batch, time, features) -> (batch, units)
    print(layer.cell.genotype())
    ```
    """

    def __init__(
        self,
        units: int,
        num_nodes: int = 8,
        activations: Sequence[str] = DARTS_ACTIVATIONS,
        jit_compile: bool | None = None,
        method: SearchMethod = DARTS,
        **kwargs: Any,
    ):
        super().__init__(units, num_nodes, **kwargs)
        self.activations = tuple(activations)
        if len(set(self.activations)) != len(self.activations) or not self._columns():
            expected = "different names with at least one other than 'none'"
            raise invalid_value("activations", expected, activations)
        self.space = recurrent_space(self.activations, int(num_nodes))
        if method.edge != DARTS.edge:
            expected = "one whose `edge` is whole, in a recurrent cell"
            raise invalid_value("method", expected, method.edge)
        self.method = method
        self.functions = [
            dual.elementwise(get_activation(self.activations[column]))
            for column in self._columns()
        ]
        self.jit_compile = jit_compile
        if jit_compile is None:
            jit_compile = units >= _COMPILED_UNITS
        # Edges are compiled one at a time, so that the tensors of one stay in the
        # cache, edges run side by side, and nothing is kept of one but its gates and
        # state.
        self._first, self._edge, self._normalize = (
            Recomputed(function, jit_compile=True) if jit_compile else function
            for function in (_first_state, self._mixed_edge, _normalize)
        )

    def _columns(self):
        """Indices of the activations that are not `none`."""
        return [i for i, name in enumerate(self.activations) if name != NONE]

    def build(self, input_shape):
        super().build(input_shape)
        self.architecture = Architecture(self.space, self.method, self.add_weight)

    @property
    def alphas(self) -> list[keras.Variable]:
        return self.architecture.variables

    def coefficients(
        self, values: Sequence[tf.Tensor] | None = None, drawn: Any = None
    ) -> Coefficients:
        """Returns what alpha stands for, see `Architecture.coefficients`."""
        return self.architecture.coefficients(values, drawn)

    def mixture(self, coefficients: Coefficients | None = None) -> dict[str, list]:
        if coefficients is None:
            coefficients = self.coefficients()
        columns = unstack(coefficients["recurrent"][OPERATIONS], axis=1)
        chosen = stack([columns[column] for column in self._columns()], axis=1)
        return {"coefficients": unstack(chosen)}

    def first_state(
        self, state: tf.Tensor | Dual, gates: tf.Tensor | Dual
    ) -> tf.Tensor | Dual:
        return self._first((), (state, gates))

    def output_of(
        self,
        first: tf.Tensor | Dual,
        parameters: Mapping,
        hidden_mask: tf.Tensor | None,
    ) -> tf.Tensor | Dual:
        states, dropped = [first], [scaled(first, hidden_mask)]
        for node, kernel in enumerate(parameters["node_kernels"]):
            row = self.space.of("recurrent").row(node, 0)
            coefficients = parameters["coefficients"][row : row + len(states)]
            # All states that enter the node share its kernel, so that one product
            # serves all.
            gates = split(product(concat(dropped, axis=0), kernel), len(states))
            edges = [self._edge((), edge) for edge in zip(states, gates, coefficients)]
            states.append(self._normalize((), add_n(edges)))
            dropped.append(scaled(states[-1], hidden_mask))
        return mean_of(states[1:])

    def _mixed_edge(self, constants, arguments):
        return mixed_edge(*arguments, self.functions)

    def genotype(self) -> SavedGenotype:
        """Derives the discrete cell (paper, section 2.4), a `RecurrentGenotype`."""
        return self.architecture.genotype()

    def get_config(self):
        method = keras.saving.serialize_keras_object(self.method)
        return {
            **super().get_config(),
            "num_nodes": self.num_nodes,
            "activations": list(self.activations),
            "jit_compile": self.jit_compile,
            **({"method": method} if self.method != DARTS else {}),
        }

    @classmethod
    def from_config(cls, config):
        if "method" in config:
            method = keras.saving.deserialize_keras_object(config["method"])
            config["method"] = method
        return cls(**config)


def _first_state(constants, arguments):
    return normalize(gated(*arguments, tanh))


def _normalize(constants, states):
    return normalize(states)
