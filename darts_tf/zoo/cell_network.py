"""Networks of a published cell in a published skeleton."""

from collections.abc import Callable
from typing import Any

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.skeleton import Skeleton
from darts_tf.genotype.cells_genotype import ImageGenotype


def cell_network(
    genotype: str,
    make_skeleton: Callable[..., Skeleton] | None = None,
    stem: str = "cifar",
    **sizes: Any,
) -> EvaluationNetwork:
    """Returns the network of a published cell, not yet built.

    Args:
        genotype: Published name of the cell.
        make_skeleton: Function of the numbers of cells and of channels, and for large
            images of the stem, that returns the skeleton. Default is that of DARTS.
        stem: `"cifar"` for small images, `"imagenet"` for large ones.
        **sizes: Other arguments of `EvaluationNetwork`; with `make_skeleton`
            `num_cells` and `init_channels` at least.
    """
    published = ImageGenotype.published(genotype)
    if make_skeleton is None:
        return EvaluationNetwork(published, stem=stem, **sizes)
    large = {"stem": stem} if stem != "cifar" else {}
    skeleton = make_skeleton(sizes["num_cells"], sizes["init_channels"], **large)
    return EvaluationNetwork(published, stem=stem, skeleton=skeleton, **sizes)
