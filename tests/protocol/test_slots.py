import pytest
import tensorflow as tf

from darts_tf.errors import UserError
from darts_tf.protocol.config import ProtocolConfig
from darts_tf.protocol.slots import slots_of


@pytest.fixture
def gpus(monkeypatch):
    """Function that lets this machine have GPUs of these names."""

    def have(*names):
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", ",".join(names))
        monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: names)

    return have


def test_without_a_gpu_there_is_one_part_at_a_time():
    assert slots_of(ProtocolConfig()) == [{}]
    assert slots_of(ProtocolConfig(workers=3)) == [{}, {}, {}]


def test_each_gpu_has_a_part(gpus):
    gpus("2", "5", "7")
    expected = [{"CUDA_VISIBLE_DEVICES": name} for name in "257"]
    assert slots_of(ProtocolConfig()) == expected
    assert slots_of(ProtocolConfig(devices=("2", "0"))) == [expected[2], expected[0]]
    assert slots_of(ProtocolConfig(workers=1)) == expected[:1]


def test_parts_that_share_a_gpu_leave_each_other_memory(gpus):
    gpus("2", "5", "7")
    slots = slots_of(ProtocolConfig(workers=3, devices=("2", "0")))
    assert [x["CUDA_VISIBLE_DEVICES"] for x in slots] == ["7", "2", "7"]
    assert all(x["TF_FORCE_GPU_ALLOW_GROWTH"] == "true" for x in slots)


@pytest.mark.parametrize("devices", [("3",), ("0", "0")])
def test_a_gpu_that_is_not_there(gpus, devices):
    with pytest.raises(UserError, match="this machine has none"):
        slots_of(ProtocolConfig(devices=devices))
    gpus("2", "5", "7")
    with pytest.raises(UserError, match="this machine has 0 to 2"):
        slots_of(ProtocolConfig(devices=devices))
