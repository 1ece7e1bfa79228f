import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.errors import UserError
from darts_tf.runs.checkpoint import EpochCheckpoint
from darts_tf.runs.scores import Scores


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


def test_variables_that_change_during_a_run(tmp_path):
    """After 2 epochs there are others, of another shape."""
    before, after = (keras.Variable(np.zeros(n, "float32")) for n in (2, 3))

    def variables(epochs):
        return [before] if epochs < 2 else [after]

    checkpoint = EpochCheckpoint(tmp_path, variables)
    for epoch, variable in enumerate((before, before, after)):
        variable.assign(np.full(variable.shape, 1 + epoch))
        checkpoint.save(epoch)
    checkpoint = EpochCheckpoint(tmp_path, variables)
    after.assign(np.zeros(3))
    assert checkpoint.restore() == 2
    np.testing.assert_array_equal(after, [3, 3, 3])
    _truncate(tmp_path / "epoch_0002.index")
    before.assign(np.zeros(2))
    assert EpochCheckpoint(tmp_path, variables).restore() == 1
    np.testing.assert_array_equal(before, [2, 2])


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
    with pytest.raises(UserError, match="can be read") as error:
        make_checkpoint(tmp_path)[0].restore()
    assert "remove" not in str(error.value)


@pytest.mark.parametrize(
    "shapes, message",
    [
        ([(100,), (3,)], "1 variables there, 2 now"),
        ([(99,)], r"\[100\] there, \[99\] now"),
        ([], "1 variables there, 0 now"),
    ],
)
def test_a_checkpoint_of_another_network_is_not_damaged(tmp_path, shapes, message):
    save_epochs(tmp_path, 2)
    variables = [keras.Variable(np.zeros(shape, "float32")) for shape in shapes]
    with pytest.raises(UserError, match=f"another network.*{message}"):
        EpochCheckpoint(tmp_path, variables).restore()


@pytest.mark.parametrize(
    "error", [tf.errors.ResourceExhaustedError(None, None, "OOM"), MemoryError()]
)
def test_shortage_of_memory_is_not_damage(tmp_path, monkeypatch, error):
    save_epochs(tmp_path, 2)

    def fail(*_):
        raise error

    monkeypatch.setattr(tf.train.Checkpoint, "read", fail)
    with pytest.raises(type(error)):
        make_checkpoint(tmp_path)[0].restore()


def test_copies_of_a_file_manager_are_no_checkpoints(tmp_path):
    save_epochs(tmp_path, 2)
    for file in list(tmp_path.iterdir()):
        shutil.copy(file, file.with_stem(f"{file.stem} (copy)"))
    assert make_checkpoint(tmp_path)[0].restore() == 1


def test_a_failed_save_leaves_nothing(tmp_path, monkeypatch):
    save_epochs(tmp_path, 2)

    def fail(_, prefix):
        (tmp_path / f"{prefix}_temp").mkdir()
        (tmp_path / f"{prefix}_temp" / "part-0").write_text("x")
        raise tf.errors.ResourceExhaustedError(None, None, "No space left")

    monkeypatch.setattr(tf.train.Checkpoint, "write", fail)
    checkpoint, _ = make_checkpoint(tmp_path)
    with pytest.raises(UserError, match="Make space"):
        checkpoint.save(2)
    names = {path.name.split(".")[0] for path in tmp_path.iterdir()}
    assert names == {"epoch_0000", "epoch_0001"}


def make_scored(folder):
    scores = Scores("val_accuracy", max)
    checkpoint = EpochCheckpoint(folder / "checkpoints", [keras.Variable(0.0)], scores)
    return checkpoint, scores


def resume(folder, checkpoint, read_run=lambda folder: None):
    return checkpoint.resume(folder, 3, ["epoch", "val_accuracy"], read_run)


def test_scores_are_kept_with_the_weights(tmp_path):
    checkpoint, scores = make_scored(tmp_path)
    table = resume(tmp_path, checkpoint)
    for epoch, accuracy in ((1, 0.5), (2, 0.25)):
        table.append({"epoch": epoch, "val_accuracy": accuracy})
        scores.append(accuracy)
        checkpoint.save(epoch)
    checkpoint, scores = make_scored(tmp_path)
    assert len(resume(tmp_path, checkpoint).rows) == 2
    assert scores.best_epoch() == (1, 0.5)
    (tmp_path / "metrics.csv").write_text("epoch,val_accuracy\n1,0.5\n2,0.75\n")
    with pytest.raises(UserError, match=r"epoch 2 is 0\.75"):
        resume(tmp_path, make_scored(tmp_path)[0])


def test_scores_of_an_earlier_version_stand_in_the_table(tmp_path):
    earlier = EpochCheckpoint(tmp_path / "checkpoints", [keras.Variable(0.0)])
    earlier.save(2)
    (tmp_path / "metrics.csv").write_text("epoch,val_accuracy\n1,0.5\n2,0.75\n")
    checkpoint, scores = make_scored(tmp_path)
    assert len(resume(tmp_path, checkpoint).rows) == 2
    assert scores.values == [0.5, 0.75]


def test_what_the_report_needs_is_looked_at_first(tmp_path):
    test_scores_of_an_earlier_version_stand_in_the_table(tmp_path)

    def read_run(folder):
        raise UserError(f"{folder} lacks its genotype")

    with pytest.raises(UserError, match="lacks its genotype"):
        resume(tmp_path, make_scored(tmp_path)[0], read_run)
