import pytest

from darts_tf.errors import SettingError
from darts_tf.trials.budget import Budget, Spent


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("300", 300, "trials"),
        ("300trials", 300, "trials"),
        ("300000steps", 300_000, "steps"),
        ("300000 steps", 300_000, "steps"),
        ("6h", 21_600, "seconds"),
        ("1.5h", 5400, "seconds"),
        ("90m", 5400, "seconds"),
        ("30s", 30, "seconds"),
        ("0.5s", 0.5, "seconds"),
    ],
)
def test_as_a_user_writes_it(text, amount, unit):
    assert Budget.parse(text) == Budget(amount, unit)


@pytest.mark.parametrize(
    "text",
    [
        *("", "h", "0", "-3", "1.5", "2.5steps", "3 days", "6H", "1e3", "nan", "0h"),
        *("99999999999999999999", "9999999999999999steps", "9" * 400 + "h", "3\n", "٣"),
    ],
)
def test_others_are_refused_in_one_line(text):
    with pytest.raises(SettingError, match="such as 300000steps") as error:
        Budget.parse(text)
    assert str(error.value).startswith("`budget`=")


@pytest.mark.parametrize(
    ("text", "spent", "is_left"),
    [
        ("3", Spent(trials=2, steps=10**9, seconds=10**9), True),
        ("3", Spent(trials=3), False),
        ("100steps", Spent(trials=99, steps=99), True),
        ("100steps", Spent(steps=100), False),
        ("100steps", Spent(steps=130), False),
        ("1m", Spent(seconds=59.9), True),
        ("1m", Spent(seconds=60.0), False),
    ],
)
def test_a_trial_begins_while_something_is_left(text, spent, is_left):
    budget = Budget.parse(text)
    assert budget.is_left(spent) is is_left
    assert (budget.share(spent) == 1) is not is_left


def test_words():
    assert str(Budget.parse("24")) == "24 trials"
    assert str(Budget.parse("300000steps")) == "300,000 steps of the weights"
    assert str(Budget.parse("0.5s")) == "0.5 seconds of a device"
    assert Budget.parse("24").share(Spent(trials=6)) == 0.25
