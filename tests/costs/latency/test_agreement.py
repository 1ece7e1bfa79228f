import pytest

from darts_tf.costs.latency.agreement import Agreed, agreed


@pytest.mark.parametrize(
    "values, expected",
    [
        ([], None),
        ([2.0], None),
        # 5 % above the smaller one still agree, and no more.
        ([2.0, 2.1], Agreed(2.05, pytest.approx(0.1), True)),
        ([2.1, 2.0], Agreed(2.05, pytest.approx(0.1), True)),
        ([2.0, 2.11], None),
        # Neighbours have to agree.
        ([1.0, 2.0, 1.0], None),
        ([1.0, 2.0, 2.02], Agreed(2.01, pytest.approx(0.02), True)),
        ([1.0, 2.0, 1.0, 2.0, 1.0], Agreed(1.0, 1.0, False)),
        ([1.0, 3.0, 2.0, 4.0, 8.0], Agreed(3.0, 7.0, False)),
        ([1.0, 2.0, 1.0, 2.0, 2.0], Agreed(2.0, 0.0, True)),
        # What comes after it is settled does not count.
        ([2.0, 2.0, 9.0, 9.0], Agreed(2.0, 0.0, True)),
        ([1.0, 2.0, 1.0, 2.0, 1.0, 1.0], Agreed(1.0, 1.0, False)),
    ],
)
def test_what_measurements_say(values, expected):
    assert agreed(values) == expected
