"""A toy: one kind of cell, every edge kept, `none` among them, the last node put out.

So is NAS-Bench-201 (arXiv 2001.00326).
"""

import numpy as np

from darts_tf.genotype.cells_genotype import CellsGenotype
from darts_tf.report.cell_drawing import draw_genotype
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.search_space import SearchSpace
from tests.space.properties import check_space

OPERATIONS = ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3")
CELL = CellSpace("only", 1, 3, OPERATIONS, "all", outputs=1, keeps_none=True)
SPACE = SearchSpace("all_edges", (CELL,))


def test_properties():
    check_space(SPACE)


def test_every_edge_keeps_its_strongest_operation():
    assert SPACE.alpha_shapes() == {"only": (6, 5)}
    alpha = np.eye(5)[[3, 0, 1, 0, 4, 2]]
    genotype = SPACE.derive({"only": alpha})
    assert isinstance(genotype, CellsGenotype)
    assert str(genotype).splitlines() == [
        "only cell",
        "node 1: nor_conv_3x3(0)",
        "node 2: none(0) + skip_connect(1)",
        "node 3: none(0) + avg_pool_3x3(1) + nor_conv_1x1(2)",
        "concat: 3",
    ]
    assert SPACE.encode(genotype) == (3, 0, 1, 0, 4, 2)
    assert list(draw_genotype(genotype)) == ["Only cell"]


def test_as_many_genotypes_as_published():
    assert np.prod(list(SPACE.choices().values())) == 15_625
