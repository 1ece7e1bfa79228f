"""What the network of a row has when it is built."""

import dataclasses
import math

from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.convolutional.network_cost import network_cost
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.weight_count import count_weights
from darts_tf.zoo.row import Row


@dataclasses.dataclass(frozen=True)
class RowCost:
    """The built network of a row in numbers.

    Attributes:
        row: The row.
        weights: Number of weights without an auxiliary head, or `None` where the
            network is not public.
        multiply_adds: Mult-adds for one image, or `None` where it is for texts.
        genotype: The genotype of its cells, or `None` if it has none.
    """

    row: Row
    weights: int | None = None
    multiply_adds: int | None = None
    genotype: SavedGenotype | None = None


def cost_of_row(row: Row) -> RowCost:
    """Builds the network of a row and counts; nothing of it is kept.

    Args:
        row: The row.
    """
    if row.make is None:
        return RowCost(row)
    network = row.built()
    genotype = _genotype(network)
    if not isinstance(network, ImageNetwork):
        return RowCost(row, count_weights(network), None, genotype)
    cost = network_cost(network)
    return RowCost(row, cost.weights, cost.multiply_adds, genotype)


def layers_of_row(row: Row) -> str:
    """Builds the network of a row and lists its layers, as a table.

    Args:
        row: The row.

    Raises:
        UserError: If the network is not public.
    """
    network = row.built()
    if isinstance(network, ImageNetwork):
        return str(network_cost(network))
    variables = network.trainable_variables
    lines = [
        (x.path, str(tuple(x.shape)), f"{math.prod(x.shape):,}") for x in variables
    ]
    lines.append(("all", "", f"{count_weights(network):,}"))
    width, middle = (max(len(line[i]) for line in lines) for i in (0, 1))
    return "\n".join(f"{a:{width}} {b:{middle}} {c:>12}" for a, b, c in lines)


def _genotype(network):
    for holder in (network, getattr(network, "cell", None)):
        found = getattr(holder, "genotype", None)
        if isinstance(found, SavedGenotype):
            return found
    return None
