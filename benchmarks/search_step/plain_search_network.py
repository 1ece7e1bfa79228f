"""The plain form as a network that `SearchModel` can search."""

import keras
import tensorflow as tf

from benchmarks.golden_names import golden_views
from benchmarks.search_step.plain_network import LIBRARY, plain_logits
from darts_tf.method.architecture import OPERATIONS, Architecture


class PlainSearchNetwork(keras.Model):
    """A search network that shares nothing between primitives and edges.

    It always normalizes with the statistics of the batch.

    Args:
        network: Built `SearchNetwork` with the primitives of the paper, whose sizes
            and values this one takes over.
        operations: `Operations`.

    Input shape: `(batch, height, width, channels)`.
    Output shape: `(batch, num_classes)`, logits.
    """

    def __init__(self, network, operations=LIBRARY):
        super().__init__(dtype=network.dtype_policy)
        self.num_classes = network.num_classes
        self.num_cells, self.num_nodes = network.num_cells, network.num_nodes
        self.space, self.operations = network.space, operations
        values = [variable.numpy() for variable in network.weights_w]
        self.kernels = {
            name: self._add(name, value)
            for name, value in golden_views(network, values).items()
        }
        self.method = network.method
        self.architecture = Architecture(self.space, self.method, self.add_weight)
        for variable, alpha in zip(self.alphas, network.alphas, strict=True):
            variable.assign(alpha)
        self.built = True

    def _add(self, name, value):
        variable = self.add_weight(shape=value.shape, name=name)
        variable.assign(value)
        return variable

    @property
    def alphas(self):
        """Architecture parameters."""
        return self.architecture.variables

    def coefficients(self, values=None, drawn=None):
        """Returns what alpha stands for, see `Architecture.coefficients`."""
        return self.architecture.coefficients(values, drawn)

    def call(self, inputs, training=False, constant_weights=False, coefficients=None):
        weights = {k: tf.convert_to_tensor(v) for k, v in self.kernels.items()}
        if constant_weights:
            weights = {k: tf.stop_gradient(v) for k, v in weights.items()}
        coefficients = coefficients or self.coefficients()
        return plain_logits(
            weights,
            [coefficients[kind][OPERATIONS] for kind in self.space.kinds],
            inputs,
            self.num_cells,
            self.num_nodes,
            self.operations,
        )

    @property
    def weights_w(self):
        """All trainable variables but the architecture parameters."""
        return list(self.kernels.values())

    def genotype(self):
        """Derives the discrete architecture (paper, section 2.4)."""
        return self.architecture.genotype()
