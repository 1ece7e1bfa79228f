"""A space of cells as KerasTuner's hyperparameters, and genotypes as values of them."""

import functools
from collections.abc import Mapping

import keras_tuner

from darts_tf.errors import invalid_value
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.space.cell_space import ALL, CellSpace
from darts_tf.space.search_space import SearchSpace

# Of one choice: names of operations, or numbers from 0 up.
Values = tuple[str, ...] | tuple[int, ...]


def space_hyperparameters(space: SearchSpace) -> keras_tuner.HyperParameters:
    """Returns a space as hyperparameters, one `Choice` for each of its choices.

    The names are those of `SearchSpace.choices`, as `normal/node_0/edge_1/operation`.
    The values of an operation are the names of the operations; where they differ from
    source to source, the positions in the list of the edge. Those of a source are ranks
    among the states that the edges before have left, from 0 up.

    Args:
        space: The space.

    Raises:
        ValueError: If the cells of the space cannot be chosen one choice after the
            other, see `cell_choices.sizes`.

    Example:

    >>> from darts_tf.space import recurrent_space
    >>> space = recurrent_space(("none", "tanh", "relu"), num_nodes=2)
    >>> found = space_hyperparameters(space)
    >>> found["recurrent/node_1/edge_0/operation"]
    'tanh'
    >>> print(genotype_of(space, found))
    recurrent cell
    node 1: tanh(0)
    node 2: tanh(0)
    mean: 1, 2
    """
    hyperparameters = keras_tuner.HyperParameters()
    declare_choices(space, hyperparameters)
    return hyperparameters


def declare_choices(
    space: SearchSpace, hyperparameters: keras_tuner.HyperParameters
) -> None:
    """Adds the choices of a space to hyperparameters, as a `HyperModel` does.

    Args:
        space: The space.
        hyperparameters: Those that get the choices which they do not have yet; what
            they have keeps its value.

    Raises:
        ValueError: As `space_hyperparameters`.
    """
    for name, values in choice_values(space).items():
        hyperparameters.Choice(name, list(values), ordered=False)


def choice_values(space: SearchSpace) -> Mapping[str, Values]:
    """Returns the values of each choice by its name, in the order of its options.

    Raises:
        ValueError: As `space_hyperparameters`.
    """
    return dict(_choice_values(space))


def genotype_values(
    space: SearchSpace, genotype: SavedGenotype
) -> dict[str, str | int]:
    """Returns the values that make up a genotype, by the names of the choices.

    Args:
        space: The space.
        genotype: One of its genotypes.

    Raises:
        ValueError: If the genotype is none of the space.
    """
    options = space.encode(genotype)
    pairs = zip(_choice_values(space).items(), options)
    return {name: values[option] for (name, values), option in pairs}


def hyperparameters_of(
    space: SearchSpace, genotype: SavedGenotype
) -> keras_tuner.HyperParameters:
    """Returns the hyperparameters of a space with the values of a genotype.

    Args:
        space: The space.
        genotype: One of its genotypes.

    Raises:
        ValueError: If the genotype is none of the space.
    """
    hyperparameters = space_hyperparameters(space)
    hyperparameters.values |= genotype_values(space, genotype)
    return hyperparameters


def genotype_of(
    space: SearchSpace, hyperparameters: keras_tuner.HyperParameters
) -> SavedGenotype:
    """Returns the genotype that hyperparameters choose.

    Args:
        space: The space.
        hyperparameters: Those of the space; others beside them do not count.

    Raises:
        ValueError: If a choice of the space has no value, or none of its own.
    """
    given, options = hyperparameters.values, []
    for name, values in _choice_values(space).items():
        value = given.get(name)
        if value not in values:
            expected = f"one of {', '.join(map(str, values))}"
            raise invalid_value(name, expected, value)
        options.append(values.index(value))
    return space.decode(options)


# A search asks for those of one space with every trial.
@functools.lru_cache(maxsize=64)
def _choice_values(space):
    named = {
        name: names
        for cell in space.cells
        for name, names in _operation_names(cell).items()
    }
    return {
        name: named.get(name, tuple(range(size)))
        for name, size in space.choices().items()
    }


def _operation_names(cell: CellSpace):
    """Returns the operations of each choice that has the same on all its edges."""
    found = {}
    for node in range(cell.num_nodes):
        for place in range(cell.num_places(node)):
            fixed = cell.edges_per_node == ALL
            sources = (place,) if fixed else cell.sources(node)
            names = {cell.candidates(node, source) for source in sources}
            if len(names) == 1:
                name = f"{cell.kind}/node_{node}/edge_{place}/operation"
                (found[name],) = names
    return found
