from benchmarks.collapse.searches import settings_mark, training_flags
from benchmarks.collapse.settings import CollapseConfig, Search


def test_the_cell_that_a_search_ends_with_is_trained(tmp_path):
    search = Search("s2", "darts", "first", 0)
    flags = training_flags(CollapseConfig(), search, tmp_path)
    assert f"--genotype={tmp_path}/genotype_latest.json" in flags


def test_the_mark_of_settings():
    search = Search("s2", "darts", "first", 0)
    mark = settings_mark(CollapseConfig(), search)
    same = CollapseConfig(data_dir="data", table="table.npz", workers=1, seeds=8)
    assert settings_mark(same, search) == mark
    for setting in ("epochs", "training_epochs", "batch_size", "init_channels"):
        other = CollapseConfig(**{setting: 5})
        assert settings_mark(other, search) != mark
