import math
import types

import keras
import pytest

from darts_tf.runs.stop_at_nan import NotFiniteError, StopAtNaN


def test_a_loss_of_a_step():
    callback = StopAtNaN(("loss", "arch_loss"))
    optimizer = keras.optimizers.SGD()
    optimizer.iterations.assign(6)
    callback.set_model(types.SimpleNamespace(optimizer=optimizer))
    callback.on_train_begin()
    callback.on_train_batch_end(0, {"loss": 1.0, "arch_loss": 2.0})
    with pytest.raises(NotFiniteError, match="The arch_loss is inf at step 8;"):
        callback.on_train_batch_end(1, {"loss": 1.0, "arch_loss": math.inf})


def test_the_loss_of_the_validation():
    callback = StopAtNaN()
    callback.on_epoch_end(0, {"loss": 1.0})
    callback.on_epoch_end(0, {"loss": 1.0, "val_loss": 1.0})
    with pytest.raises(
        NotFiniteError, match="The validation loss is nan after epoch 2;"
    ):
        callback.on_epoch_end(1, {"loss": 1.0, "val_loss": math.nan})


def test_the_exit_code_is_its_own():
    assert NotFiniteError.exit_code == 65
