"""The recurrent cell that contains every architecture of the search space."""

import keras
import tensorflow as tf

from darts_tf import derivation
from darts_tf.derivation import NONE, NUM_RECURRENT_INPUTS
from darts_tf.errors import invalid_value
from darts_tf.recurrent.activations import DARTS_ACTIVATIONS, get_activation
from darts_tf.recurrent.cell import PACKAGE, RecurrentCell, masked

EPSILON = 1e-5


def normalize(x):
    """Normalizes every column to mean 0 and variance 1 over the batch.

    Args:
        x: Tensor of shape `(batch, units)`.

    Raises:
        ValueError: If the batch is known to have one row, of which nothing is left.
    """
    if x.shape[0] == 1:
        raise ValueError(
            "Received a batch of 1, expected at least 2 rows: the cell of the search "
            "normalizes over the batch, also when it is evaluated."
        )
    centred = x - tf.reduce_mean(x, axis=0)
    return centred * tf.math.rsqrt(tf.reduce_mean(centred**2, axis=0) + EPSILON)


def mixed_edges(states, gates, coefficients, activations):
    """Sums the mixed edges that enter a node (paper, equation 2).

    With p over the states, k over the activations, and a_pk the coefficients,

        sum_p sum_k a_pk (s_p + c_p (f_k(t_p) - s_p))
            = sum_p A_p s_p + c_p (sum_k a_pk f_k(t_p) - A_p s_p),  A_p = sum_k a_pk,

    so that each activation is computed once for all states. `none` is left out of the
    sums: it yields zero, its state included.

    Args:
        states: Tensor of shape `(sources, batch, units)`.
        gates: Tensor of shape `(sources, batch, 2 * units)`.
        coefficients: List of tensors of shape `(sources,)`, one for each activation.
        activations: List of elementwise functions.

    Returns:
        Tensor of shape `(batch, units)`.
    """
    c, t = tf.split(gates, 2, axis=-1)
    columns = [column[:, None, None] for column in coefficients]
    activated = tf.add_n([a * f(t) for a, f in zip(columns, activations)])
    kept = tf.add_n(columns) * states
    return tf.reduce_sum(kept + tf.sigmoid(c) * (activated - kept), axis=0)


@keras.saving.register_keras_serializable(PACKAGE)
class SearchCell(RecurrentCell):
    """Recurrent cell whose nodes read all earlier states by all activations.

    State 0 and every node are normalized over the batch, by one and the same
    normalization without scale and offset. The authors' code keeps a running average
    over all nodes for inference; here the statistics are always those of the batch, so
    that the cell has no state but its weights.

    The cell is the whole search space, so it owns alpha, shape `(edges, activations)`.

    Args:
        units: Size of the states.
        num_nodes: Number of nodes after state 0.
        activations: Names of registered activations, or `"none"`, in the order of
            alpha's columns.

    Call arguments and output: see `RecurrentCell`.

    Example:

    ```python
    layer = keras.layers.RNN(SearchCell(16, num_nodes=3))
    layer(tf.ones([4, 5, 16]))  # (batch, time, features) -> (batch, units)
    print(layer.cell.genotype())
    ```
    """

    def __init__(self, units, num_nodes=8, activations=DARTS_ACTIVATIONS, **kwargs):
        super().__init__(units, num_nodes, **kwargs)
        self.activations = tuple(activations)
        if len(set(self.activations)) != len(self.activations) or not self._columns():
            expected = "different names with at least one other than 'none'"
            raise invalid_value("activations", expected, activations)
        self.functions = [
            get_activation(self.activations[column]) for column in self._columns()
        ]

    def _columns(self):
        """Indices of the activations that are not `none`."""
        return [i for i, name in enumerate(self.activations) if name != NONE]

    def build(self, input_shape):
        super().build(input_shape)
        edges = derivation.num_edges(self.num_nodes, NUM_RECURRENT_INPUTS)
        self.alpha = self.add_weight(
            shape=(edges, len(self.activations)),
            initializer=keras.initializers.RandomNormal(stddev=1e-3),
            autocast=False,
            name="alpha",
        )

    @property
    def alphas(self):
        return [self.alpha]

    def parameters(self, constant_weights=False):
        alpha = tf.convert_to_tensor(self.alpha)
        coefficients = tf.cast(tf.nn.softmax(alpha), self.compute_dtype)
        columns = tf.unstack(coefficients, axis=1)
        return {
            **super().parameters(constant_weights),
            "coefficients": [columns[column] for column in self._columns()],
        }

    def output_of(self, first, parameters, hidden_mask):
        states = [normalize(first)]
        dropped = [masked(states[0], hidden_mask)]
        for node, kernel in enumerate(parameters["node_kernels"]):
            row = derivation.edge_index(node, 0, NUM_RECURRENT_INPUTS)
            # All states that enter the node share its kernel: one product for all.
            product = tf.matmul(tf.concat(dropped, axis=0), kernel)
            gates = tf.reshape(product, [len(states), -1, 2 * self.units])
            coefficients = [
                column[row : row + len(states)] for column in parameters["coefficients"]
            ]
            node_sum = mixed_edges(
                tf.stack(states), gates, coefficients, self.functions
            )
            states.append(normalize(node_sum))
            dropped.append(masked(states[-1], hidden_mask))
        return tf.add_n(states[1:]) / self.num_nodes

    def genotype(self):
        """Derives the discrete cell (paper, section 2.4), a `RecurrentGenotype`."""
        return derivation.derive_recurrent(self.alpha.numpy(), self.activations)

    def get_config(self):
        return {
            **super().get_config(),
            "num_nodes": self.num_nodes,
            "activations": list(self.activations),
        }
