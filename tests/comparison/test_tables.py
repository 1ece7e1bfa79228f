import pytest

from darts_tf.comparison.entry import Entry, Measured
from darts_tf.comparison.tables import csv_of, table_of


def entry(**figures):
    return Entry("one", figures.pop("dataset", "flowers"), "runs/one", **figures)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1234.5, "1234"),
        (33.46, "33"),
        (3.349, "3.3"),
        (0.2496, "0.25"),
        (0.00123, "0.0012"),
        (0.0, "0"),
        (9.96, "10.0"),
    ],
)
def test_numbers_have_two_digits(value, expected):
    table = table_of("flowers", [entry(weights=value)])
    assert dict(zip(table.headings, table.lines[0]))["params (M)"] == expected


def test_columns_that_say_nothing_are_left_out():
    table = table_of("flowers", [entry(error=Measured(12.345, 0.678))])
    assert table.headings == ("architecture", "test error (%)", "source")
    assert table.lines == (("one", "12.35 ± 0.68", "runs/one"),)
    both = [entry(operations=7), entry(error=Measured(1.0))]
    table = table_of("flowers", both)
    assert table.lines == (
        ("one", "-", "7", "runs/one"),
        ("one", "1.00", "-", "runs/one"),
    )


def test_imagenet_has_two_errors():
    measured = {"error": Measured(26.73), "other_error": Measured(8.71, 0.123)}
    table = table_of("imagenet2012", [entry(dataset="imagenet2012", **measured)])
    assert table.headings[1:3] == ("top-1 error (%)", "top-5 error (%)")
    assert table.lines[0][1:3] == ("26.7", "8.7 ± 0.12")


def test_csv_has_all_digits_and_signs_of_a_comma():
    line = csv_of([entry(error=Measured(1 / 3), improvement=-1.5)]).splitlines()[1]
    assert "0.3333333333333333" in line and "-1.5" in line
    comma = Entry("a, b", "flowers", 'say "x"')
    assert '"a, b"' in csv_of([comma]) and '"say ""x"""' in csv_of([comma])
