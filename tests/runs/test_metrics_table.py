import csv

import pytest

from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_search.results import COLUMNS
from darts_tf.runs.metrics_table import MetricsTable, columns_of_run, with_columns
from darts_tf.runs.scores import Scores

HEADER = ",".join(COLUMNS)


def test_all_runs_have_the_first_and_the_last_columns():
    first, last = ("epoch", "step", "learning_rate"), ("seconds", "peak_memory_gb")
    assert columns_of_run("loss", "val_loss") == (*first, "loss", "val_loss", *last)


def make_row(epoch, accuracy):
    return {**dict.fromkeys(COLUMNS, 1.5), "epoch": epoch, "val_accuracy": accuracy}


def make_table(path, accuracies=(0.25, 0.5, 0.75)):
    table = MetricsTable(path, 0, COLUMNS)
    for epoch, accuracy in enumerate(accuracies, 1):
        table.append({**make_row(epoch, accuracy), "not_a_column": 1})
    return table


def test_rows_after_the_checkpoint_are_dropped(tmp_path):
    path = tmp_path / "metrics.csv"
    make_table(path)
    table = MetricsTable(path, 2, COLUMNS)
    assert [row["epoch"] for row in table.rows] == ["1", "2"]
    table.append(make_row(3, 0.5))
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert list(rows[0]) == list(COLUMNS)
    assert rows[2]["val_accuracy"] == "0.5"


def test_a_new_search_ignores_an_old_table(tmp_path):
    make_table(tmp_path / "metrics.csv")
    assert MetricsTable(tmp_path / "metrics.csv", 0, COLUMNS).rows == []


def _replaced(old, new):
    return lambda text: text.replace(old, new)


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda _: "", "found none"),
        (lambda text: text.splitlines()[0], "each of 2 epochs done, found 0"),
        (lambda text: "\n".join(text.splitlines()[:2]), "2 epochs done, found 1"),
        (_replaced("\n1,", "\n1.0,"), "row of epoch 1, found epoch '1.0'"),
        (_replaced("\n2,", "\n1,"), "row of epoch 2, found epoch '1'"),
        (_replaced("val_loss", "loss_of_validation"), "the columns"),
        (_replaced(",", ";"), "the columns"),
        (_replaced("epoch", "\ufeffepoch"), "the columns"),
        (_replaced("\n2,1.5", "\n2,much"), "numbers in the row of epoch 2"),
        (_replaced("\n2,1.5,", "\n2,"), "numbers in the row of epoch 2"),
        (_replaced("\n2,1.5", "\n2,1.5,1.5"), "numbers in the row of epoch 2"),
        (_replaced("\n2,1.5", "\n2," + "1" * 200_000), "comma-separated values"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(tmp_path, change, message):
    path = tmp_path / "metrics.csv"
    make_table(path)
    path.write_text(change(path.read_text()))
    with pytest.raises(UserError, match=message) as error:
        MetricsTable(path, 2, COLUMNS)
    assert str(path) in str(error.value) and "\n" not in str(error.value)


def test_a_table_that_is_lost_or_no_text_is_refused(tmp_path):
    path = tmp_path / "metrics.csv"
    with pytest.raises(UserError, match="cannot be read"):
        MetricsTable(path, 2, COLUMNS)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match="UTF-8"):
        MetricsTable(path, 2, COLUMNS)


def test_scores_say_which_epoch_is_the_best():
    highest, lowest = Scores("val_accuracy", max), Scores("val_loss", min)
    for score in (0.5, 0.25, 0.5, 0.25):
        highest.append(score)
        lowest.append(score)
    # The earlier one of equals.
    assert highest.best_epoch() == (1, 0.5)
    assert lowest.best_epoch() == (2, 0.25)


def test_an_edited_table_is_refused(tmp_path):
    table, scores = make_table(tmp_path / "metrics.csv"), Scores("val_accuracy", max)
    scores.read(table)
    scores.check(MetricsTable(tmp_path / "metrics.csv", 3, COLUMNS))
    text = (tmp_path / "metrics.csv").read_text()
    (tmp_path / "metrics.csv").write_text(text.replace("0.5", "0.9"))
    with pytest.raises(UserError, match=r"of epoch 2 is 0\.9, and was 0\.5"):
        scores.check(MetricsTable(tmp_path / "metrics.csv", 3, COLUMNS))


LATER = ("eigenvalue", "eigenvalue_residual")


def test_an_earlier_table_has_no_numbers_in_later_columns(tmp_path):
    path = tmp_path / "metrics.csv"
    make_table(path)
    columns = with_columns(COLUMNS, LATER)
    assert columns[-4:-2] == LATER and set(columns) == {*COLUMNS, *LATER}
    with pytest.raises(UserError, match="columns"):
        MetricsTable(path, 3, columns)
    with pytest.raises(UserError, match="columns"):
        MetricsTable(path, 3, columns, LATER[:1])
    table = MetricsTable(path, 3, columns, LATER)
    table.append({**make_row(4, 0.5), "eigenvalue": 0.25, "eigenvalue_residual": 0.0})
    rows = MetricsTable(path, 4, columns, LATER).rows
    assert [row["eigenvalue"] for row in rows] == ["nan", "nan", "nan", "0.25"]
    assert rows[0]["val_accuracy"] == "0.25"
