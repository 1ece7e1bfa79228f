from benchmarks.collapse.searches import training_flags
from benchmarks.collapse.settings import CollapseConfig, Search


def test_the_cell_that_a_search_ends_with_is_trained(tmp_path):
    search = Search("s2", "darts", "first", 0)
    flags = training_flags(CollapseConfig(), search, tmp_path)
    assert f"--genotype={tmp_path}/genotype_latest.json" in flags
