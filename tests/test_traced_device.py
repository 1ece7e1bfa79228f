import pytest

from darts_tf.traced_device import supposed_gpu, traces_for_gpu


def test_a_gpu_is_supposed_within_alone():
    assert not traces_for_gpu()
    with supposed_gpu():
        with pytest.raises(KeyError), supposed_gpu():
            raise KeyError
        assert traces_for_gpu()
    assert not traces_for_gpu()
