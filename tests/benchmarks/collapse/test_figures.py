from benchmarks.collapse.figures import draw
from benchmarks.collapse.log import CollapseLog
from benchmarks.collapse.settings import CollapseConfig
from tests.benchmarks.collapse.search_rows import rows_of


def test_figures_and_tables(tmp_path):
    log = CollapseLog(tmp_path / "log.csv")
    for search in CollapseConfig(seeds=3).searches():
        log.append(rows_of(search, accuracy=0.5 + 0.1 * search.seed))
    tables = draw(log.rows, tmp_path)
    names = sorted(path.name for path in tmp_path.glob("*.svg"))
    assert names == ["collapse_nasbench201.svg", "collapse_s2.svg"]
    assert (
        "| darts, second order | 3 | 2000 (2000 to 2000) | 83 (82 to 84) | "
        "0.2 (0.2 to 0.2) |"
    ) in tables
    assert "| drnas | 3 | 2 (2 to 2) | 0.2 (0.2 to 0.2) | 0.6 (0.5 to 0.7) |" in tables
