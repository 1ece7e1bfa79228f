import pytest

from benchmarks.collapse.log import CollapseLog
from benchmarks.collapse.settings import CollapseConfig
from darts_tf.errors import UserError
from tests.benchmarks.collapse.search_rows import rows_of


def test_the_log_goes_on_where_it_ended(tmp_path):
    path = tmp_path / "log.csv"
    first, second = CollapseConfig().searches()[:2]
    log = CollapseLog(path)
    log.append(rows_of(first))
    again = CollapseLog(path)
    assert again.rows == log.rows
    assert again.holds(first) and not again.holds(second)
    again.append(rows_of(second))
    assert len(path.read_text().splitlines()) == 5
    path.write_text("a,b\n")
    with pytest.raises(UserError, match="no log of this benchmark"):
        CollapseLog(path)
