"""What holds in every search space, checked on random genotypes of it."""

import numpy as np

from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.space.search_space import SearchSpace


def check_space(space: SearchSpace, count: int = 30) -> None:
    """Asserts what sampling, mutation, coding, JSON and derivation keep.

    Args:
        space: A space of more than one genotype.
        count: Number of genotypes.
    """
    rng = np.random.default_rng(0)
    for _ in range(count):
        genotype = space.sample(rng)
        _check_genotype(space, genotype)
        mutant = space.mutate(genotype, rng)
        _check_genotype(space, mutant)
        assert _num_differences(genotype, mutant) == 1
        shapes = space.alpha_shapes()
        derived = space.derive({k: rng.normal(size=s) for k, s in shapes.items()})
        _check_genotype(space, derived)
        assert space.derive(_favoring(space, derived)).cells.keys() == shapes.keys()
        assert _edges(space.derive(_favoring(space, derived))) == _edges(derived)
    _check_neighbors(space, rng)
    again = np.random.default_rng(0)
    assert space.sample(again) == space.sample(np.random.default_rng(0))


def _check_genotype(space, genotype):
    options = space.encode(genotype)
    assert all(type(option) is int for option in options)
    sizes = space.choices().values()
    assert all(0 <= x < size for x, size in zip(options, sizes, strict=True))
    assert space.decode(options) == genotype
    assert type(genotype).from_json(genotype.to_json()) == genotype


def _check_neighbors(space, rng):
    genotype = space.sample(rng)
    neighbors = space.neighbors(genotype)
    assert len(set(neighbors)) == len(neighbors)
    for neighbor in neighbors:
        assert space.decode(space.encode(neighbor)) == neighbor
        assert _num_differences(genotype, neighbor) == 1
    mutants = {space.mutate(genotype, rng) for _ in range(30 * len(neighbors))}
    # Rarely one is not drawn in so many.
    assert len(mutants) > 0.9 * len(neighbors) and mutants <= set(neighbors)


def _num_differences(first: SavedGenotype, second: SavedGenotype) -> int:
    assert first.cells.keys() == second.cells.keys()
    return sum(
        a != b
        for kind in first.cells
        for a, b in zip(first.cells[kind].edges, second.cells[kind].edges, strict=True)
    )


def _edges(genotype):
    return {
        kind: [set(node) for node in cell.nodes]
        for kind, cell in genotype.cells.items()
    }


def _favoring(space, genotype):
    """Strengths that are large where the genotype has an edge."""
    strengths = {}
    for kind, cell in genotype.cells.items():
        strengths[kind] = np.zeros(space.of(kind).alpha_shape)
        for node, edges in enumerate(cell.nodes):
            for edge in edges:
                row = space.of(kind).row(node, edge.source)
                column = space.of(kind).operations_of(row).index(edge.primitive)
                strengths[kind][row, column] = 9
    return strengths
