"""The plain form as a network that `SearchModel` can search."""

import keras
import tensorflow as tf

from benchmarks.golden_names import golden_views
from benchmarks.plain_network import LIBRARY, plain_logits


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
        self.alphas = [
            self._add(alpha.name, alpha.numpy(), autocast=False)
            for alpha in network.alphas
        ]
        self.built = True

    def _add(self, name, value, **arguments):
        variable = self.add_weight(shape=value.shape, name=name, **arguments)
        variable.assign(value)
        return variable

    def call(self, inputs, training=False, constant_weights=False):
        weights = {k: tf.convert_to_tensor(v) for k, v in self.kernels.items()}
        if constant_weights:
            weights = {k: tf.stop_gradient(v) for k, v in weights.items()}
        alphas = [tf.convert_to_tensor(alpha) for alpha in self.alphas]
        return plain_logits(
            weights, alphas, inputs, self.num_cells, self.num_nodes, self.operations
        )

    @property
    def weights_w(self):
        """All trainable variables but the architecture parameters."""
        return list(self.kernels.values())

    def genotype(self):
        """Derives the discrete architecture (paper, section 2.4)."""
        alphas = (alpha.numpy() for alpha in self.alphas)
        return self.space.derive(dict(zip(self.space.kinds, alphas)))
