"""Spaces of cells: validation, and what sampling, mutation and coding keep."""

import itertools

import numpy as np
import pytest

from darts_tf.genotype.convolutional_genotype import PUBLISHED, Genotype
from darts_tf.genotype.recurrent_genotype import PUBLISHED_RECURRENT, RecurrentGenotype
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.search_space import (
    SearchSpace,
    convolutional_space,
    recurrent_space,
)
from tests.space.properties import check_space

PRIMITIVES = (
    "none",
    "max_pool_3x3",
    "avg_pool_3x3",
    "skip_connect",
    "sep_conv_3x3",
    "dil_conv_3x3",
)
ACTIVATIONS = ("none", "tanh", "relu", "sigmoid", "identity")
CONVOLUTIONAL = convolutional_space(PRIMITIVES)
RECURRENT = recurrent_space(ACTIVATIONS)


@pytest.mark.parametrize("space", [CONVOLUTIONAL, RECURRENT])
def test_properties(space):
    check_space(space)


def test_shapes_of_alpha():
    shapes = {"normal": (14, 6), "reduce": (14, 6)}
    assert CONVOLUTIONAL.alpha_shapes() == shapes
    assert RECURRENT.alpha_shapes() == {"recurrent": (36, 5)}


def test_genotypes_are_of_the_class_of_their_cells():
    rng = np.random.default_rng(0)
    assert isinstance(CONVOLUTIONAL.sample(rng), Genotype)
    assert isinstance(RECURRENT.sample(rng), RecurrentGenotype)


@pytest.mark.parametrize(
    ("space", "genotypes"),
    [(CONVOLUTIONAL, PUBLISHED), (RECURRENT, PUBLISHED_RECURRENT)],
)
def test_published_cells_of_darts_are_in_its_space(space, genotypes):
    for name in ("DARTS_V1", "DARTS_V2"):
        genotype = genotypes[name]
        assert space.decode(space.encode(genotype)) == genotype
    others = [*genotypes.values()][2:]
    assert others
    for genotype in others:
        with pytest.raises(
            ValueError, match=r"`cell`, expected a .* cell of the space"
        ):
            space.encode(genotype)


@pytest.mark.parametrize(
    ("space", "number"),
    # Ordered pairs of the edges of a node, each with 2 operations; one edge of 2.
    [
        (SearchSpace("x", convolutional_space("ab", 2).cells[:1]), 2 * 4 * 6 * 4),
        (convolutional_space(("none", "a", "b"), 1), (2 * 4) ** 2),
        (recurrent_space(("none", "a", "b"), 3), 2 * 4 * 6),
    ],
)
def test_every_combination_of_options_is_another_genotype(space, number):
    options = list(itertools.product(*map(range, space.choices().values())))
    assert len(options) == number
    genotypes = {space.decode(each) for each in options}
    assert len(genotypes) == number
    if number < 100:
        assert [space.encode(space.decode(each)) for each in options] == options


def test_samples_are_uniform():
    space = recurrent_space(("none", "a", "b"), 2)
    rng = np.random.default_rng(0)
    drawn = [space.encode(space.sample(rng)) for _ in range(4000)]
    _, counts = np.unique(drawn, axis=0, return_counts=True)
    assert len(counts) == 8 and abs(counts - 500).max() < 5 * np.sqrt(500)


def test_choices_have_names():
    assert recurrent_space(("none", "a", "b"), 2).choices() == {
        "recurrent/node_0/edge_0/source": 1,
        "recurrent/node_0/edge_0/operation": 2,
        "recurrent/node_1/edge_0/source": 2,
        "recurrent/node_1/edge_0/operation": 2,
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((0, 0, 1), "`options`, expected 4 integers"),
        ((0, 0, 2, 0), "`recurrent/node_1/edge_0/source`, expected an integer from 0"),
        ((0, -1, 1, 0), "`recurrent/node_0/edge_0/operation`, expected an integer"),
        ((0, 0.5, 1, 0), "`recurrent/node_0/edge_0/operation`, expected an integer"),
    ],
)
def test_malformed_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        recurrent_space(("none", "a", "b"), 2).decode(options)


def test_a_space_of_one_genotype_has_no_mutant():
    space = recurrent_space(("tanh",), 1)
    genotype = space.sample(np.random.default_rng(0))
    with pytest.raises(ValueError, match="`genotype`, expected one of a space of more"):
        space.mutate(genotype, np.random.default_rng(0))


def test_cells_of_other_kinds_are_refused():
    with pytest.raises(ValueError, match="`genotype`, expected one of normal, reduce"):
        CONVOLUTIONAL.encode(PUBLISHED_RECURRENT["DARTS_V2"])
    with pytest.raises(
        ValueError, match="`strengths`, expected those of normal, reduce"
    ):
        CONVOLUTIONAL.derive({"normal": np.zeros((14, 6))})


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("kind", ""),
        ("num_inputs", 0),
        ("num_nodes", 0),
        ("num_nodes", True),
        ("num_nodes", 2.0),
        ("operations", ()),
        ("operations", ["a"]),
        ("operations", ("a", "a")),
        ("operations", ("none",)),
        ("operations", (("a",),)),
        ("operations", (("a",),) * 4 + (("a", "b"),)),
        ("operations", (["a"],) * 5),
        ("edges_per_node", 0),
        ("edges_per_node", "both"),
        ("output_rule", "sum"),
        ("outputs", 0),
        ("outputs", 3),
        ("outputs", "last"),
    ],
)
def test_malformed_cell_spaces_are_refused(argument, value):
    arguments = {
        "kind": "normal",
        "num_inputs": 2,
        "num_nodes": 2,
        "operations": ("a", "b"),
    }
    assert CellSpace(**arguments)
    with pytest.raises(ValueError, match=f"`{argument}`, expected"):
        CellSpace(**{**arguments, argument: value})


@pytest.mark.parametrize("name", ["A", "a b", 3])
def test_names_that_no_primitive_has_are_refused(name):
    with pytest.raises(ValueError, match="Received an invalid value for `"):
        CellSpace("normal", 2, 2, ("a", name))


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("", CONVOLUTIONAL.cells),
        ("x", ()),
        ("x", list(CONVOLUTIONAL.cells)),
        ("x", CONVOLUTIONAL.cells[:1] * 2),
        ("x", ("normal",)),
    ],
)
def test_malformed_search_spaces_are_refused(name, cells):
    with pytest.raises(ValueError, match=r"`(name|cells)`, expected"):
        SearchSpace(name, cells)
