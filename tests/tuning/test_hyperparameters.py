"""Genotypes as hyperparameters and back."""

import json

import keras_tuner
import numpy as np
import pytest

from darts_tf.space.search_space import convolutional_space
from darts_tf.spaces import get_space, space_names
from darts_tf.tuning.hyperparameters import (
    choice_values,
    declare_choices,
    genotype_of,
    genotype_values,
    hyperparameters_of,
    space_hyperparameters,
)
from tests.rivals.small_spaces import EDGES, SMALL_SPACES

SPACES = pytest.mark.parametrize("space", SMALL_SPACES.values(), ids=SMALL_SPACES)
DARTS = SMALL_SPACES["darts"]


def named_spaces():
    """Returns the space of each name, those of the same cells once."""
    spaces = [get_space(name) for name in space_names()]
    spaces = [space.search_space(space.search.get("nodes", 4)) for space in spaces]
    return list({space.cells: space for space in spaces}.values())


@pytest.mark.parametrize("number", [100, pytest.param(1000, marks=pytest.mark.long)])
@pytest.mark.parametrize("space", named_spaces(), ids=lambda space: space.name)
def test_genotypes_of_named_spaces_and_back(space, number):
    rng, given = np.random.default_rng(0), keras_tuner.HyperParameters()
    genotypes = {space.sample(rng) for _ in range(number)}
    all_values = set()
    for genotype in genotypes:
        given.values = genotype_values(space, genotype)
        assert genotype_of(space, given) == genotype
        all_values.add(tuple(given.values.items()))
    assert len(all_values) == len(genotypes) > 0.9 * number


@SPACES
def test_they_are_what_a_tuner_makes_of_them(space):
    """Through the files and messages of KerasTuner, and beside other values."""
    rng = np.random.default_rng(1)
    for _ in range(5):
        genotype = space.sample(rng)
        made = hyperparameters_of(space, genotype)
        assert [choice.name for choice in made.space] == list(space.choices())
        made.Float("learning_rate", 0.01, 0.1)
        config = json.loads(json.dumps(made.get_config()))
        saved = keras_tuner.HyperParameters.from_config(config)
        sent = keras_tuner.HyperParameters.from_proto(made.to_proto())
        for found in (made, saved, sent):
            assert genotype_of(space, found) == genotype


@SPACES
def test_the_number_of_values_is_that_of_the_options(space):
    values = choice_values(space)
    assert {name: len(v) for name, v in values.items()} == space.choices()
    assert all(len(set(v)) == len(v) for v in values.values())


def test_values_are_words_where_there_are_some():
    values = choice_values(DARTS)
    assert values["normal/node_1/edge_1/operation"] == ("skip_connect", "conv_3x3")
    assert values["normal/node_1/edge_1/source"] == (0, 1)
    assert choice_values(EDGES)["only/node_1/edge_1/operation"][0] == "none"
    s1 = get_space("s1").search_space(4)
    # On each edge there are others.
    assert choice_values(s1)["normal/node_0/edge_0/operation"] == (0, 1)


def test_choices_keep_the_values_that_are_there():
    hyperparameters = keras_tuner.HyperParameters()
    hyperparameters.values["normal/node_1/edge_1/source"] = 1
    declare_choices(DARTS, hyperparameters)
    declare_choices(DARTS, hyperparameters)
    assert len(hyperparameters.space) == len(DARTS.choices())
    assert hyperparameters["normal/node_1/edge_1/source"] == 1
    assert hyperparameters["normal/node_1/edge_0/source"] == 0


def test_other_values_are_refused():
    hyperparameters = space_hyperparameters(DARTS)
    for value in ("none", "max_pool_3x3", 0, None):
        hyperparameters.values["normal/node_0/edge_0/operation"] = value
        with pytest.raises(ValueError, match="operation`, expected one of skip_connec"):
            genotype_of(DARTS, hyperparameters)
    with pytest.raises(ValueError, match="source`, expected one of 0, 1"):
        genotype_of(DARTS, keras_tuner.HyperParameters())
    other = convolutional_space(("none", "skip_connect"), 3)
    with pytest.raises(ValueError, match="`cell`, expected a normal cell"):
        hyperparameters_of(other, DARTS.sample(np.random.default_rng(0)))
