import pytest

from darts_tf.errors import UserError
from darts_tf.protocol.checks import check_parts
from darts_tf.protocol.config import ProtocolConfig
from darts_tf.protocol.suite import suite_plan


def plan(*benchmarks, **settings):
    given = {"benchmarks": benchmarks} if benchmarks else {}
    return suite_plan(ProtocolConfig(protocol="2025", **given, **settings))


def test_the_parts_of_the_suite():
    """Three searches and nine trainings for each of nine benchmarks and method."""
    parts = plan().parts
    assert len(parts) == 9 * 3 * (3 + 9)
    check_parts(parts)


def test_searches_and_trainings_have_halves_of_their_own():
    parts = {part.name: part for part in plan("deep_no_skip").parts}
    search = parts["searches/deep_no_skip/gdas-2"]
    config = search.program.config(search.settings)
    assert (config.half, config.seed, config.order) == ("first", 1, "first")
    assert (config.epochs, config.batch_size, config.init_channels) == (300, 320, 7)
    assert "skip_connect" not in config.primitives
    training = parts["trainings/deep_no_skip/gdas-4"]
    config = training.program.config(training.settings)
    assert (config.learning_rate, config.weight_decay) == (0.1, 1e-4)
    assert (config.half, config.evaluated, config.layers) == ("second", "test", 18)
    assert (config.epochs, config.batch_size, config.auxiliary) == (300, 512, False)
    awaits = tuple(f"searches/deep_no_skip/gdas-{number}" for number in (1, 2, 3))
    assert training.awaits == awaits


def test_drnas_has_rates_of_its_own():
    rates = [
        (search.settings["learning_rate"], search.settings["arch_learning_rate"])
        for x in plan("wide_regular").cells
        for search in x.searches[:1]
    ]
    assert rates == [(0.025, 3e-4), (0.1, 6e-4), (0.025, 3e-4)]


def test_channels_that_a_method_cannot_part_are_refused_before_all():
    with pytest.raises(UserError, match="must divide `init_channels`=18"):
        check_parts(plan("wide_regular", method=("pc_darts",)).parts)


@pytest.mark.parametrize("name", ["part_settings", "training_settings"])
def test_the_nine_settings_are_those_of_the_protocol(name):
    message = "nine pairs of .*: give weight_decay=0.5 to searches alone"
    with pytest.raises(UserError, match=message):
        plan("deep_regular", **{name: ("weight_decay=0.5",)})
    search = plan("deep_regular", search_settings=("weight_decay=0.5",)).parts[0]
    assert search.settings["weight_decay"] == 0.5


def test_an_unknown_benchmark_is_refused():
    with pytest.raises(UserError, match="`benchmarks`=narrow: expected some of"):
        plan("narrow")
