"""Motifs and cells of them: sampling, mutation and coding on all levels."""

from collections import Counter

import numpy as np
import pytest

from darts_tf.genotype.motifs_genotype import MotifsGenotype
from darts_tf.space.motif_space import MotifSpace, motif_space

OPERATIONS = ("none", "identity", "conv_1x1_relu", "sep_conv_3x3_relu", "max_pool_3x3")
SPACE = motif_space(OPERATIONS)
MOTIFS = [f"motif_{index}" for index in range(1, 7)]


def changed_edges(first, second):
    """Kind, node and source of each edge that differs."""
    return [
        (kind, node, edge.source)
        for kind in first.cells
        for node, (a, b) in enumerate(
            zip(first.cells[kind].nodes, second.cells[kind].nodes, strict=True)
        )
        for edge, other in zip(a, b, strict=True)
        if edge != other
    ]


def test_choices_are_all_edges_of_all_graphs():
    choices = SPACE.choices()
    assert len(choices) == 6 * 6 + 10
    assert list(choices.values()) == [5] * 36 + [7] * 10
    assert SPACE.kinds == (*MOTIFS, "hierarchical")


def test_sampling_reaches_every_operation_on_every_edge():
    rng, seen = np.random.default_rng(0), Counter()
    for _ in range(150):
        genotype = SPACE.sample(rng)
        assert isinstance(genotype, MotifsGenotype)
        options = SPACE.encode(genotype)
        assert SPACE.decode(options) == genotype
        assert MotifsGenotype.from_json(genotype.to_json()) == genotype
        seen.update(zip(SPACE.choices(), options))
    assert len(seen) == sum(SPACE.choices().values())
    assert SPACE.sample(np.random.default_rng(1)) == SPACE.sample(
        np.random.default_rng(1)
    )


def test_a_mutation_changes_one_edge_and_both_levels_are_as_likely():
    rng, places = np.random.default_rng(0), Counter()
    genotype, count = SPACE.sample(rng), 2000
    for _ in range(count):
        mutant = SPACE.mutate(genotype, rng)
        (place,) = changed_edges(genotype, mutant)
        places[place] += 1
        genotype = mutant
    assert isinstance(genotype, MotifsGenotype)

    def check(number, share):
        deviation = np.sqrt(count * share * (1 - share))
        assert abs(number - count * share) < 5 * deviation

    check(sum(n for (kind, *_), n in places.items() if kind == "hierarchical"), 1 / 2)
    # Of the four nodes of the cell each is as likely, whatever edges it has.
    check(places["hierarchical", 0, 0], 1 / 8)
    check(places["hierarchical", 3, 2], 1 / 32)
    for kind in MOTIFS:
        check(sum(n for (k, *_), n in places.items() if k == kind), 1 / 12)
    assert len(places) == 46


def test_a_genotype_of_other_motifs_is_none_of_the_space():
    rng = np.random.default_rng(0)
    published = MotifsGenotype.published("hierarchical")
    with pytest.raises(ValueError, match="Received an invalid value"):
        SPACE.mutate(published, rng)
    operations = (*OPERATIONS, "dep_conv_3x3_relu", "avg_pool_3x3")
    space = motif_space(operations, num_motifs=5)
    assert space.decode(space.encode(published)) == published


def test_a_space_of_other_sizes_as_data():
    space = motif_space(OPERATIONS, num_motifs=2, motif_nodes=3, cell_nodes=2)
    assert len(space.choices()) == 2 * 3 + 1
    assert MotifSpace.from_dict(space.to_dict()) == space


@pytest.mark.parametrize("name", ["num_motifs", "motif_nodes", "cell_nodes"])
@pytest.mark.parametrize("number", [1, 2.0])
def test_invalid_numbers(name, number):
    with pytest.raises(ValueError, match=f"`{name}`, expected an integer from 2 up"):
        motif_space(OPERATIONS, **{name: number})
