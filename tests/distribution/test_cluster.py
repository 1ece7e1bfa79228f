import json

import pytest

from darts_tf.distribution.cluster import Cluster, find_cluster
from darts_tf.errors import UserError


@pytest.fixture
def set_config(monkeypatch):
    def set_config(tasks, kind="worker", index=0):
        value = {"cluster": tasks, "task": {"type": kind, "index": index}}
        monkeypatch.setenv("TF_CONFIG", json.dumps(value))

    return set_config


def test_none(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    assert find_cluster() is None


def test_first_worker_is_chief(set_config):
    tasks = {"worker": ["a:1", "b:1", "c:1"]}
    set_config(tasks)
    assert find_cluster() == Cluster(3, 0) and find_cluster().is_chief
    set_config(tasks, index=2)
    assert find_cluster() == Cluster(3, 2) and not find_cluster().is_chief


def test_a_chief_comes_before_the_workers(set_config):
    tasks = {"chief": ["a:1"], "worker": ["b:1", "c:1"]}
    set_config(tasks, "chief")
    assert find_cluster() == Cluster(3, 0)
    set_config(tasks, index=1)
    assert find_cluster() == Cluster(3, 2)


@pytest.mark.parametrize(
    "tasks, kind, index, message",
    [
        ({"worker": ["a:1"], "ps": ["b:1"]}, "worker", 0, "1 worker, 1 ps"),
        ({"worker": ["a:1"]}, "worker", 1, "worker 1, which its cluster lacks"),
        ({"worker": ["a:1"]}, "evaluator", 0, "evaluator 0"),
        ({"worker": ["a:1"]}, "worker", None, "cannot be read"),
        ("none", "worker", 0, "cannot be read"),
    ],
)
def test_what_it_may_not_be(set_config, tasks, kind, index, message):
    set_config(tasks, kind, index)
    with pytest.raises(UserError, match=message):
        find_cluster()


@pytest.mark.parametrize("value", ["{", "", "[]", '"a"', "1", "null", '{"a":' * 5000])
def test_no_object_of_json(value, monkeypatch):
    monkeypatch.setenv("TF_CONFIG", value)
    with pytest.raises(UserError, match="TF_CONFIG cannot be read"):
        find_cluster()
