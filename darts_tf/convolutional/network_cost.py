"""Weights and mult-adds of a network for images and of each of its layers.

Counted as in the paper's tables: weights are what is trained (no moving statistics);
mult-adds are those of convolutions and dense layers for one image; the auxiliary
head, which is gone after the training, is in no sum.
"""

import dataclasses

import keras
import tensorflow as tf

from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.weight_count import count_weights


@dataclasses.dataclass(frozen=True)
class LayerCost:
    """Size of a layer, and its work for one image.

    Attributes:
        name: Name of the layer.
        weights: Number of trained weights.
        multiply_adds: Number of multiplications and additions as one.
        auxiliary: Whether the layer is gone after the training.
    """

    name: str
    weights: int
    multiply_adds: int
    auxiliary: bool = False


@dataclasses.dataclass(frozen=True)
class NetworkCost:
    """Cost of all layers; as a string, a table.

    Attributes:
        layers: Tuple of `LayerCost`.
    """

    layers: tuple[LayerCost, ...]

    @property
    def weights(self) -> int:
        return sum(cost.weights for cost in self.layers if not cost.auxiliary)

    @property
    def multiply_adds(self) -> int:
        return sum(cost.multiply_adds for cost in self.layers if not cost.auxiliary)

    def __str__(self):
        rows = [(c.name, f"{c.weights:,}", f"{c.multiply_adds:,}") for c in self.layers]
        title = "without auxiliary head" if self.layers[-1].auxiliary else "all"
        rows.append((title, f"{self.weights:,}", f"{self.multiply_adds:,}"))
        width = max(len(row[0]) for row in rows)
        rows.insert(0, ("layer", "weights", "mult-adds"))
        return "\n".join(f"{n:{width}} {w:>12} {m:>16}" for n, w, m in rows)


def network_cost(network: ImageNetwork) -> NetworkCost:
    """Counts weights and mult-adds of the size that a network was built for.

    Args:
        network: Built `ImageNetwork`, such as an `EvaluationNetwork`.

    Returns:
        The `NetworkCost`; an auxiliary head is its last layer.
    """
    return NetworkCost(
        tuple(
            LayerCost(
                layer.name,
                count_weights(layer),
                count_multiply_adds(layer),
                auxiliary=layer is network.auxiliary_head,
            )
            for layer in network.cost_layers()
        )
    )


def count_multiply_adds(layer: keras.Layer) -> int:
    """Counts the mult-adds of convolutions and matrix products for one image.

    They are read from the layer's graph, so that primitives need not state them.

    Args:
        layer: Built Keras layer of one argument, a tensor or a list of tensors.
    """
    shapes = layer.get_build_config()["input_shape"]
    # The forms of the float32 convolutions that are fast on a CPU also multiply
    # zeros; those of float64 are plain.
    twin = type(layer).from_config({**layer.get_config(), "dtype": "float64"})
    twin.build(shapes)

    def spec(shape):
        return tf.TensorSpec((1, *shape[1:]), tf.float64)

    several = isinstance(shapes[0], (list, tuple))
    inputs = [spec(shape) for shape in shapes] if several else spec(shapes)
    function = tf.function(lambda inputs: twin(inputs), autograph=False)
    graph = function.get_concrete_function(inputs).graph
    return sum(map(_multiply_adds, graph.get_operations()))


def _multiply_adds(operation):
    if operation.type == "MatMul":
        (rows, inner), (_, columns) = (tensor.shape for tensor in operation.inputs)
        return rows * inner * columns
    if operation.type not in ("Conv2D", "DepthwiseConv2dNative"):
        return 0
    output = operation.outputs[0]
    for consumer in output.consumers():
        # TensorFlow computes a dilated convolution in blocks, and cuts some of their
        # pixels off again.
        if consumer.type == "BatchToSpaceND":
            output = consumer.outputs[0]
    rows, columns, channels, _ = operation.inputs[1].shape
    taps = rows * columns * (channels if operation.type == "Conv2D" else 1)
    return output.shape.num_elements() * taps
