import keras
import numpy as np
import pytest

from darts_tf.errors import UserError
from darts_tf.training.checkpoint import EpochCheckpoint


def make_checkpoint(folder, value=0.0):
    variable = keras.Variable(np.full(100, value, "float32"))
    return EpochCheckpoint(folder, [variable]), variable


def save_epochs(folder, epochs):
    checkpoint, variable = make_checkpoint(folder)
    for epoch in range(epochs):
        variable.assign(np.full(100, epoch))
        checkpoint.save(epoch)


def test_restores_the_newest(tmp_path):
    save_epochs(tmp_path, 4)
    checkpoint, variable = make_checkpoint(tmp_path)
    assert checkpoint.restore() == 3
    np.testing.assert_array_equal(variable, np.full(100, 3))


def test_keeps_two(tmp_path):
    save_epochs(tmp_path, 5)
    names = {path.name.split(".")[0] for path in tmp_path.iterdir()}
    assert names == {"epoch_0003", "epoch_0004"}


def test_nothing_to_restore(tmp_path):
    assert make_checkpoint(tmp_path)[0].restore() is None


def _truncate(path):
    path.write_bytes(path.read_bytes()[:-50])


def _flip_a_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [_truncate, _flip_a_byte])
@pytest.mark.parametrize("file", ["data-00000-of-00001", "index"])
def test_damaged_checkpoint_falls_back(tmp_path, damage, file, caplog):
    save_epochs(tmp_path, 3)
    damage(tmp_path / f"epoch_0002.{file}")
    checkpoint, variable = make_checkpoint(tmp_path)
    assert checkpoint.restore() == 1
    np.testing.assert_array_equal(variable, np.full(100, 1))
    assert "epoch_0002 is damaged" in caplog.text


def test_missing_data_falls_back(tmp_path):
    save_epochs(tmp_path, 3)
    (tmp_path / "epoch_0002.data-00000-of-00001").unlink()
    assert make_checkpoint(tmp_path)[0].restore() == 1


def test_all_damaged_is_an_error(tmp_path):
    save_epochs(tmp_path, 3)
    for file in tmp_path.glob("*.data*"):
        _truncate(file)
    with pytest.raises(UserError, match="can be read"):
        make_checkpoint(tmp_path)[0].restore()
