import numpy as np

from benchmarks.rivals.searches import curves_of
from benchmarks.rivals.settings import Rival, RivalsConfig
from darts_tf.spaces.cell_table import CellTable
from tests.spaces.small_table import write_nasbench201


def test_a_search_keeps_the_best_so_far(tmp_path):
    path = write_nasbench201(tmp_path / "table.npz")
    config, table = RivalsConfig(table=path, evaluations=30), CellTable(path)
    valid, test = curves_of(config, Rival("evolution", "nats_bench"), 1, table)
    assert valid.shape == (30,) and (np.diff(valid) >= 0).all() and valid[0] < valid[-1]
    # What is best in validation is worst in the test of this table.
    np.testing.assert_allclose(valid + test, table.best.valid)
    again = curves_of(config, Rival("evolution", "nats_bench"), 1, table)
    assert (again == (valid, test)).all()
