import pytest

from benchmarks.table_log import TableLog
from darts_tf.errors import UserError


class PairLog(TableLog):
    """A log of two columns."""

    COLUMNS = ("name", "value")


def test_rows_are_text_and_stay(tmp_path):
    path = tmp_path / "folder" / "log.csv"
    log = PairLog(path)
    assert log.rows == [] and not path.exists()
    log.append([{"name": "a,b", "value": 0.1, "other": 3}, {"name": "c", "value": 2}])
    log.append([{"name": "d", "value": None}])
    expected = [("a,b", "0.1"), ("c", "2"), ("d", "None")]
    for each in (log, PairLog(path)):
        assert [(row["name"], row["value"]) for row in each.rows] == expected


def test_all_rows_or_none(tmp_path):
    log = PairLog(tmp_path / "log.csv")
    log.append([{"name": "a", "value": 1}])
    with pytest.raises(KeyError):
        log.append([{"name": "b", "value": 2}, {"name": "c"}])
    assert len(PairLog(tmp_path / "log.csv").rows) == len(log.rows) == 1


def test_another_file_is_refused(tmp_path):
    (tmp_path / "log.csv").write_text("a,b\n")
    with pytest.raises(UserError, match="no log of this benchmark: expected the col"):
        PairLog(tmp_path / "log.csv")
