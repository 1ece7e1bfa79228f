import pytest

from benchmarks.search_step.runs import sweep
from benchmarks.search_step.settings import BenchmarkConfig
from darts_tf.errors import UserError


def test_a_sweep_of_nothing_is_refused(tmp_path):
    # A program that finds no such file.
    config = BenchmarkConfig(
        sweep=("nodes", "layers"), module="json.tool", plot=tmp_path / "sweep.svg"
    )
    with pytest.raises(UserError, match="Nothing could be measured"):
        sweep(config)
    assert [*tmp_path.iterdir()] == []
