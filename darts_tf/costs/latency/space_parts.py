"""The parts of all networks of a search space."""

import numpy as np

from darts_tf.costs.cost_model import NetworkPart
from darts_tf.costs.network_parts import DerivedNetwork
from darts_tf.errors import UserError
from darts_tf.space.search_space import SearchSpace


def parts_of_space(network: DerivedNetwork, space: SearchSpace) -> set[NetworkPart]:
    """Returns what the networks of a space are made of, each part once.

    Each option of each choice stands in a genotype that is drawn beside that. So every
    operation comes in every place; what depends on several choices together, the
    numbers of outputs of the cells where they differ, comes as often as it is drawn.

    Args:
        network: The network.
        space: The genotypes.

    Raises:
        UserError: If there is no choosing of cells but by their derivation.
    """
    try:
        sizes = list(space.choices().values())
    except ValueError as error:
        raise UserError(
            f"The cells of {space.name} cannot be drawn ({error})."
        ) from error
    rng, found = np.random.default_rng(0), set()
    for choice, size in enumerate(sizes):
        for option in range(size):
            options = rng.integers(sizes)
            options[choice] = option
            found.update(network.parts(space.decode(options.tolist())))
    return found
