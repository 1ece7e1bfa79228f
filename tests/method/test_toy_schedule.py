"""A toy: frozen epochs, and a stage that drops the weakest operation of all edges."""

import dataclasses

import keras
import numpy as np
import tensorflow as tf

from darts_tf.convolutional.search_model import SearchModel
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.method.methods import DARTS
from darts_tf.method.schedule import Schedule, Stage
from tests.method.method_checks import make_batch, make_model


@keras.saving.register_keras_serializable("test_toy_schedule")
@dataclasses.dataclass(frozen=True)
class DropWeakest(Stage):
    """Leaves the operation out that is weakest over all edges; the others go on."""

    def changed(self, network):
        strengths = sum(a.sum(0) for a in network.architecture.strengths().values())
        weakest = network.primitives[int(np.argmin(strengths))]
        kept = [name for name in network.primitives if name != weakest]
        config = network.get_config() | {"primitives": kept}
        config.pop("name")
        new = SearchNetwork.from_config(config)
        new.build((None, 8, 8, 3))
        columns = [network.primitives.index(name) for name in kept]
        for old, alpha in zip(network.alphas, new.alphas, strict=True):
            alpha.assign(old.numpy()[:, columns])
        for before, after in zip(network.cells, new.cells, strict=True):
            for old, mixed_op in zip(before.mixed_ops, after.mixed_ops, strict=True):
                mixed_op.assign_kernels(
                    [
                        {k: kernel for k, kernel in edge.items() if k[0] != weakest}
                        for edge in old.named_kernels()
                    ]
                )
        return new


def _pairs():
    batches = (make_batch(0, "float32"), make_batch(1, "float32"))
    return tf.data.Dataset.from_tensors(batches)


def test_a_stage_changes_the_network_and_carries_over():
    schedule = Schedule(stages=(DropWeakest(1), DropWeakest(3)))
    method = dataclasses.replace(DARTS, schedule=schedule)
    parts = schedule.parts(4)
    assert [(first, last) for _, first, last in parts] == [(0, 1), (1, 3), (3, 4)]
    model, sizes = make_model(method, dtype="float32"), []
    for stage, first, last in parts:
        if stage is not None:
            before = model.network
            model = SearchModel(stage.changed(before), seed=5)
            model.compile()
            alphas = zip(before.alphas, model.network.alphas, strict=True)
            for old, new in alphas:
                assert set(new.numpy().ravel()) < set(old.numpy().ravel())
        history = model.fit(_pairs(), initial_epoch=first, epochs=last, verbose=0)
        assert np.isfinite(history.history["loss"]).all()
        sizes.append(model.network.alphas[0].shape)
    assert sizes == [(5, 4), (5, 3), (5, 2)]


def test_stages_after_the_end_are_left_out():
    schedule = Schedule(stages=(DropWeakest(1), DropWeakest(3)))
    assert [(x, y) for _, x, y in schedule.parts(3)] == [(0, 1), (1, 3)]
    assert schedule.parts(1) == [(None, 0, 1)]


def test_each_stage_begins_with_frozen_epochs():
    schedule = Schedule(2, (DropWeakest(3), DropWeakest(7)))
    moves = [schedule.moves_architecture(epoch) for epoch in range(10)]
    assert moves == [0, 0, 1, 0, 0, 1, 1, 0, 0, 1]
    saved = keras.saving.serialize_keras_object(schedule)
    assert keras.saving.deserialize_keras_object(saved) == schedule


def test_frozen_epochs_move_w_alone():
    method = dataclasses.replace(DARTS, schedule=Schedule(frozen_epochs=2))
    model = make_model(method, dtype="float32")
    alphas, weights = [], []
    for epoch in range(3):
        model.fit(_pairs(), initial_epoch=epoch, epochs=epoch + 1, verbose=0)
        alphas.append(model.network.alphas[0].numpy())
        weights.append(model.network.weights_w[0].numpy())
    np.testing.assert_array_equal(alphas[0], alphas[1])
    assert (alphas[1] != alphas[2]).any()
    assert (weights[0] != weights[1]).any()
    logs = model.get_metrics_result()
    assert float(logs["arch_gradient_norm"]) > 0
