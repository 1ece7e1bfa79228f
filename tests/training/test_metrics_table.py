import csv

from darts_tf.report.search_run import COLUMNS
from darts_tf.training.metrics_table import MetricsTable


def make_row(epoch, accuracy):
    return {**dict.fromkeys(COLUMNS, 1.5), "epoch": epoch, "val_accuracy": accuracy}


def test_rows_after_the_checkpoint_are_dropped(tmp_path):
    path = tmp_path / "metrics.csv"
    table = MetricsTable(path, 0)
    for epoch, accuracy in ((1, 0.25), (2, 0.5), (3, 0.75)):
        table.append({**make_row(epoch, accuracy), "not_a_column": 1})
    table = MetricsTable(path, 2)
    assert table.best_epoch() == (2, 0.5)
    table.append(make_row(3, 0.5))
    assert table.best_epoch() == (2, 0.5)  # the earlier one of equals
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert list(rows[0]) == list(COLUMNS)


def test_a_new_search_ignores_an_old_table(tmp_path):
    path = tmp_path / "metrics.csv"
    MetricsTable(path, 0).append(make_row(1, 0.9))
    table = MetricsTable(path, 0)
    table.append(make_row(1, 0.1))
    assert table.best_epoch() == (1, 0.1)
