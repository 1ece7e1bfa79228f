"""A thousand genotypes of every named space, there and back."""

import numpy as np
import pytest

from darts_tf.recurrent.activations import DARTS_ACTIVATIONS
from darts_tf.space.search_space import recurrent_space
from darts_tf.spaces.known.hierarchical import MOTIFS
from darts_tf.spaces.registry import get_space, space_names

NUMBER = 1000
OTHERS = {"recurrent": recurrent_space(DARTS_ACTIVATIONS), "motifs": MOTIFS}


def space_of(name):
    if name in OTHERS:
        return OTHERS[name]
    named = get_space(name)
    return named.search_space(named.search.get("nodes", 4))


@pytest.mark.parametrize("name", [*space_names(), *OTHERS])
def test_round_trips(name):
    space, rng = space_of(name), np.random.default_rng(0)
    sizes = list(space.choices().values())
    rows = rng.integers(sizes, size=(NUMBER, len(sizes)))
    for options in rows.tolist():
        genotype = space.decode(options)
        assert space.encode(genotype) == tuple(options)
    assert space.decode(space.encode(genotype)) == genotype
