from types import SimpleNamespace

import pytest
import tensorflow as tf

from darts_tf.distribution import devices
from darts_tf.errors import UserError


@pytest.fixture(autouse=True)
def gpus(monkeypatch):
    """Two GPUs that are not there."""
    numbers = range(2)
    physical = [f"physical {number}" for number in numbers]
    logical = [SimpleNamespace(name=f"GPU:{number}") for number in numbers]
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: physical)
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda kind: logical)


@pytest.mark.parametrize("numbers", [("2",), ("0", "0"), ("GPU:0",)])
def test_unknown_devices(numbers):
    config = SimpleNamespace(devices=numbers, logical_devices=None)
    with pytest.raises(UserError, match=r"`devices`=.* 0 to 1"):
        devices.configure_devices(config)


def test_chosen_devices(monkeypatch):
    visible = []
    monkeypatch.setattr(
        tf.config, "set_visible_devices", lambda *arguments: visible.append(arguments)
    )
    devices.configure_devices(SimpleNamespace(devices=("1",), logical_devices=None))
    assert visible == [(["physical 1"], "GPU")]


def test_either_devices_or_logical_devices():
    config = SimpleNamespace(devices=("0",), logical_devices=2)
    with pytest.raises(UserError, match="not both"):
        devices.configure_devices(config)


@pytest.mark.parametrize("strategy", ["auto", "mirrored"])
def test_batches_that_cannot_be_shared(strategy):
    config = SimpleNamespace(strategy=strategy, batch_size=5)
    with pytest.raises(UserError, match="multiple of 2"):
        devices.make_strategy(config)


def test_a_single_device():
    config = SimpleNamespace(strategy="single", batch_size=5)
    assert devices.make_strategy(config) is tf.distribute.get_strategy()


@pytest.mark.parametrize(
    ("numbers", "count", "visible", "expected"),
    [
        ((), 2, None, ["0", "1"]),
        (("1",), 1, None, ["1"]),
        ((), 2, "4,7", ["4", "7"]),
        (("1", "0"), 2, "4,7", ["7", "4"]),
        ((), 1, None, ["0"]),
    ],
)
def test_processes_get_a_device_each(numbers, count, visible, expected, monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    found = devices.device_environments(numbers, count)
    assert found == [{"CUDA_VISIBLE_DEVICES": name} for name in expected]


def test_more_processes_than_devices_share_them(monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    found = devices.device_environments((), 3)
    assert [x["CUDA_VISIBLE_DEVICES"] for x in found] == ["0", "1", "0"]
    assert all(x["TF_FORCE_GPU_ALLOW_GROWTH"] == "true" for x in found)


def test_processes_without_gpus(monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
    assert devices.device_environments((), 2) == [{}, {}]
