"""Small networks of NAS-Bench-201, and one with the weights of another."""

import keras

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.cells_genotype import CellsGenotype
from darts_tf.spaces.registry import get_space

NAMED = get_space("nasbench201")
SPACE = NAMED.search_space(3)


def genotype_of_one(name: str) -> CellsGenotype:
    """Returns the cell with one operation on all edges."""
    nodes = [[(name, source) for source in range(node + 1)] for node in range(3)]
    cell = Cell.from_lists(nodes, [3], num_inputs=1)
    return CellsGenotype((("nasbench201", cell),))


def evaluation_network(
    genotype: CellsGenotype,
    cells: int = 3,
    channels: int = 4,
    shape: tuple[int, int, int] = (8, 8, 3),
    classes: int = 3,
    dtype: str = "float32",
) -> EvaluationNetwork:
    """Builds the network that is trained, small by default."""
    network = EvaluationNetwork(
        genotype,
        classes,
        auxiliary=False,
        skeleton=NAMED.skeleton(cells, channels),
        dtype=dtype,
    )
    network.build((None, *shape))
    return network


def search_network(
    dtype: str = "float64", cells: int = 3, channels: int = 4
) -> SearchNetwork:
    """Builds a small search network, always the same."""
    keras.utils.set_random_seed(3)
    network = SearchNetwork(
        3, space=SPACE, skeleton=NAMED.skeleton(cells, channels), dtype=dtype
    )
    network.build((None, 8, 8, 3))
    return network


def copy_weights(search: SearchNetwork, derived: EvaluationNetwork) -> None:
    """Gives a derived network the kernels that stand on the edges of a search."""
    stem = derived.stem_units[0]
    stem.kernel.assign(search.stem_convolution.kernel)
    pairs = [(stem.normalization, search.stem_normalization)]
    pairs += [
        (derived.last_normalization, search.last_normalization),
        (derived.classifier, search.classifier),
    ]
    for placed, new, old in zip(
        search.skeleton.cells, derived.cells, search.cells, strict=True
    ):
        if placed.kind == "residual":
            pairs.append((new, old))
            continue
        edges = [(n, e) for n, node in enumerate(new.cell.nodes) for e in node]
        for (node, edge), operation in zip(edges, new.operations, strict=True):
            mixed_op = old.mixed_ops[edge.source]
            kernels = mixed_op.named_kernels()[node - edge.source]
            if operation.kernels is not None:
                operation.kernels.assign(kernels[edge.primitive, "kernel"].ravel())
    for new, old in pairs:
        for target, source in zip(new.weights, old.weights, strict=True):
            target.assign(source)
