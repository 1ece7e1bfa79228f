"""Cells that grow: where they begin, in which order, and that no way is left out."""

import numpy as np
import pytest

from darts_tf.rivals.growth import Growth
from tests.rivals.small_spaces import EDGES, SMALL_SPACES


def lines(genotype, kind):
    return str(genotype.cells[kind]).splitlines()


def test_what_is_not_grown_passes_the_state_before_it_on():
    def seedling(name, kind):
        space = SMALL_SPACES[name]
        return lines(space.decode(Growth(space).seedling), kind)

    assert seedling("edges", "only") == [
        "node 1: skip_connect(0)",
        "node 2: none(0) + skip_connect(1)",
        "node 3: none(0) + none(1) + skip_connect(2)",
        "concat: 3",
    ]
    assert seedling("darts", "reduce")[1:3] == [
        "node 3: skip_connect(2) + skip_connect(1)",
        "node 4: skip_connect(3) + skip_connect(2)",
    ]
    assert seedling("recurrent", "recurrent")[:2] == [
        "node 1: identity(0)",
        "node 2: identity(1)",
    ]
    assert seedling("pairs", "normal")[1] == "node 3: identity(2) + identity(2)"
    # On the edges of the cell of motifs the first motif stands for the identity.
    assert seedling("motifs", "motif_1")[1] == "node 2: none(0) + identity(1)"


@pytest.mark.parametrize("space", SMALL_SPACES.values(), ids=SMALL_SPACES)
def test_every_step_grows_one_node_of_one_kind(space):
    growth, names = Growth(space), list(space.choices())
    places = []
    for step in growth.steps:
        (place,) = {name.rsplit("/", 2)[0] for name in names[step]}
        places.append(place)
    assert len(set(places)) == len(places) == sum(c.num_nodes for c in space.cells)
    nodes = [int(place.rsplit("_")[-1]) for place in places]
    assert nodes == sorted(nodes)
    covered = sorted(index for s in growth.steps for index in range(s.start, s.stop))
    assert covered == list(range(len(names)))


def test_all_ways_are_there_once():
    growth, rng = Growth(EDGES), np.random.default_rng(0)
    first = growth.grown([growth.seedling], 0, 1000, rng)
    assert sorted(row[0] for row in first) == [0, 1, 2, 3]
    assert (first[:, 1:] == growth.seedling[1:]).all()
    second = growth.grown(first, 1, 1000, rng)
    assert len(np.unique(second, axis=0)) == len(second) == 4 * 16
    third = growth.grown(second, 2, 10_000, rng)
    assert len(np.unique(third, axis=0)) == len(third) == 4096
    assert (third.max(axis=0) == 3).all() and (third.min(axis=0) == 0).all()


def test_of_too_many_some_are_drawn():
    growth, rng = Growth(EDGES), np.random.default_rng(0)
    rows = growth.grown([growth.seedling], 2, 20, rng)
    assert len(np.unique(rows, axis=0)) == len(rows) == 20
    other = growth.grown([growth.seedling], 2, 20, rng)
    assert rows.tolist() != other.tolist()
    # Rows of the same stem are one.
    assert len(growth.grown(rows, 2, 1000, rng)) == 64
