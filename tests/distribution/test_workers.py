import pytest
import tensorflow as tf

from darts_tf.distribution.workers import Workers
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.runs.prepared_run import what_must_be_equal
from darts_tf.settings import free_settings

CONFIG = SearchConfig(dataset="digits")


def workers_that_say(*values):
    workers = Workers(tf.distribute.get_strategy())
    workers.count = len(values)
    workers.gather = lambda value: list(values)
    return workers


def test_one_process():
    workers = Workers(tf.distribute.get_strategy())
    assert workers.count == 1 and workers.is_chief
    assert workers.any(True) and not workers.any(False)
    assert workers.gather({"a": [1, "\u00e4"]}) == [{"a": [1, "\u00e4"]}]
    workers.check_equal(None)


def test_differences_are_named():
    workers_that_say({"a": 1}, {"a": 1}).check_equal(dict)
    with pytest.raises(UserError) as error:
        workers_that_say({"a": 1, "b": 2}, {"a": 1, "b": 2}, {"a": 3}).check_equal(dict)
    assert "a: 1 on worker 0, 3 on worker 2" in str(error.value)
    assert "b: 2 on worker 0, None on worker 2" in str(error.value)


def test_what_must_be_equal():
    strategy = tf.distribute.get_strategy()
    values = what_must_be_equal(strategy, CONFIG, "runs/search")
    wanted = {
        "seed",
        "output",
        "keras",
        "tensorflow",
        "darts_tf",
        "checksum of darts_tf",
    }
    assert wanted <= values.keys() and not values.keys() & free_settings(CONFIG)
