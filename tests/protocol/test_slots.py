import pytest

from darts_tf.errors import UserError
from darts_tf.protocol import slots
from darts_tf.protocol.config import ProtocolConfig
from darts_tf.protocol.slots import slots_of


@pytest.fixture
def gpus(monkeypatch):
    """Function that lets this machine have GPUs of these names."""

    def have(*names):
        monkeypatch.setattr(slots, "_visible_gpus", lambda: list(names))

    return have


def test_without_a_gpu_there_is_one_part_at_a_time():
    assert slots_of(ProtocolConfig()) == [{}]
    assert slots_of(ProtocolConfig(workers=3)) == [{}, {}, {}]


def test_each_gpu_has_a_part(gpus):
    gpus("2", "5", "7")
    names = [x["CUDA_VISIBLE_DEVICES"] for x in slots_of(ProtocolConfig())]
    assert names == ["2", "5", "7"]
    config = ProtocolConfig(workers=3, devices=("2", "0"))
    names = [x["CUDA_VISIBLE_DEVICES"] for x in slots_of(config)]
    assert names == ["7", "2", "7"]


def test_a_gpu_that_is_not_there():
    with pytest.raises(UserError, match="this machine has none"):
        slots_of(ProtocolConfig(devices=("0",)))
