import pytest

from darts_tf.errors import UserError
from darts_tf.protocol.config import SUITE_BENCHMARKS, ProtocolConfig
from darts_tf.spaces.registry import space_names


def test_defaults_are_those_of_the_papers():
    paper, suite = ProtocolConfig(), ProtocolConfig(protocol="2025")
    assert (paper.methods, paper.orders) == (("darts", "random"), ())
    assert (paper.num_searches, paper.trainings, paper.search_budget) == (4, 10, "24")
    assert paper.lines == ("NASNet-A", "AmoebaNet-A", "ENAS")
    assert (suite.methods, suite.orders) == (("darts", "drnas", "gdas"), ("first",))
    assert suite.num_searches == 3
    text = ProtocolConfig(dataset="ptb")
    assert (text.search_budget, text.lines) == ("8", ("ENAS",))


def test_given_settings_count():
    config = ProtocolConfig(
        method=("snas",), searches=2, budget="3", published=("none",)
    )
    found = (config.methods, config.num_searches, config.search_budget, config.lines)
    assert found == (("snas",), 2, "3", ())


def test_benchmarks_are_spaces():
    assert len(SUITE_BENCHMARKS) == 9 and set(SUITE_BENCHMARKS) <= set(space_names())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": ("darts", "darts")}, "names one of them twice"),
        ({"protocol": "2025", "dataset": "ptb"}, "is a text"),
        ({"protocol": "2025", "progress": 5}, "`progress` is for"),
        ({"devices": ("gpu",)}, "must be numbers of GPUs"),
    ],
)
def test_settings_that_do_not_fit_together(settings, message):
    with pytest.raises(UserError, match=message):
        ProtocolConfig(**settings)
