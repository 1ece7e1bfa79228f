"""A toy: of more nodes than DARTS has only the last ones are put out."""

import numpy as np
import pytest

from darts_tf.space.cell_space import CellSpace
from darts_tf.space.search_space import SearchSpace
from tests.space.properties import check_space


@pytest.mark.parametrize(("last", "outputs"), [(1, (9,)), (4, (6, 7, 8, 9))])
def test_only_the_last_nodes_are_put_out(last, outputs):
    operations = ("none", "skip_connect", "sep_conv_3x3")
    cell = CellSpace("reduce", 2, 8, operations, outputs=last)
    space = SearchSpace("last_nodes", (cell,))
    check_space(space, count=5)
    assert space.alpha_shapes() == {"reduce": (44, 3)}
    genotype = space.sample(np.random.default_rng(0))
    assert genotype.cells["reduce"].outputs == outputs
