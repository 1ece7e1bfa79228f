import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional import EvaluationNetwork
from darts_tf.convolutional.evaluation_model import ImageTrainingModel
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.optimization.loss_scale import LossScale
from darts_tf.optimization.optimizers import MomentumSGD

CELL = Cell.from_lists([[("sep_conv_3x3", 0), ("skip_connect", 1)]], [2])
NUM_CLASSES = 6


def make_model(dtype="float32", auxiliary=True, optimizer=None, **arguments):
    keras.utils.set_random_seed(1)
    network = EvaluationNetwork(
        Genotype(CELL, CELL),
        num_classes=NUM_CLASSES,
        init_channels=2,
        num_cells=2,
        auxiliary=auxiliary,
        dtype=dtype,
    )
    network.build((None, 8, 8, 3))
    model = ImageTrainingModel(network, **arguments)
    model.compile(optimizer)
    return model


def make_batch(seed=0, count=4, dtype="float32"):
    random = np.random.default_rng(seed)
    images = random.normal(size=(count, 8, 8, 3))
    return tf.constant(images, dtype), tf.constant(random.integers(0, 6, count))


def weights(model):
    return [variable.numpy() for variable in model.network.trainable_variables]


def state(model):
    return [v.numpy() for v in (*model.network.variables, *model.optimizer.variables)]


def train(model, *batch):
    """Takes one step, compiled as `fit` compiles it."""
    return model.train_on_batch(*batch, return_dict=True)


def smoothed_cross_entropy(labels, logits, smoothing):
    targets = tf.one_hot(labels, NUM_CLASSES, dtype=logits.dtype)
    targets = (1 - smoothing) * targets + smoothing / NUM_CLASSES
    return -tf.reduce_mean(tf.reduce_sum(targets * tf.nn.log_softmax(logits), -1))


def test_a_step_is_the_papers():
    """Both losses, smoothed labels, clipping before the decay, momentum."""
    clip, decay = 0.5, 0.01
    model = make_model(
        "float64",
        optimizer=MomentumSGD(0.1, 0.9, decay),
        label_smoothing=0.1,
        gradient_clip=clip,
        auxiliary_weight=0.3,
    )
    network = model.network
    buffers = [np.zeros_like(w) for w in weights(model)]
    for step in range(2):
        images, labels = make_batch(step, dtype="float64")
        before = weights(model)
        with tf.GradientTape() as tape:
            outputs = network(images, training=True, return_auxiliary=True)
            losses = [smoothed_cross_entropy(labels, x, 0.1) for x in outputs]
            loss = losses[0] + 0.3 * losses[1]
        gradients = tape.gradient(loss, [v.value for v in network.trainable_variables])
        norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
        assert norm > clip
        logs = train(model, images, labels)
        np.testing.assert_allclose(logs["loss"], loss, rtol=1e-6)
        rate = float(model.optimizer.learning_rate)
        for index, (w, gradient) in enumerate(zip(before, gradients)):
            clipped = gradient * clip / (norm + 1e-6)
            buffers[index] = 0.9 * buffers[index] + clipped + decay * w
            expected = w - rate * buffers[index]
            np.testing.assert_allclose(weights(model)[index], expected, rtol=1e-9)
        model.reset_metrics()


def test_evaluation_reports_the_plain_loss():
    model = make_model(label_smoothing=0.2)
    images, labels = make_batch()
    logs = model.evaluate(images, labels, verbose=0, return_dict=True)
    logits = model.network(images)
    expected = smoothed_cross_entropy(labels, logits, 0.0)
    np.testing.assert_allclose(logs["loss"], expected, rtol=1e-5)
    assert set(logs) == {"loss", "accuracy", "top_5_accuracy"}
    found = np.argmax(logits, -1) == labels
    assert logs["accuracy"] == pytest.approx(np.mean(found))


def test_without_auxiliary_head():
    model = make_model(auxiliary=False)
    images, labels = make_batch()
    loss = smoothed_cross_entropy(labels, model.network(images, training=True), 0.0)
    np.testing.assert_allclose(train(model, images, labels)["loss"], loss, rtol=1e-5)


def test_parts_of_a_batch_make_its_step():
    """With equal parts the statistics of a part are those of the batch."""
    images, labels = (tf.repeat(x[None], 3, 0) for x in make_batch(dtype="float64"))
    batch = tf.reshape(images, [12, 8, 8, 3]), tf.reshape(labels, [12])
    results = []
    for count in (1, 3):
        model = make_model("float64", accumulation_steps=count)
        logs = train(model, *batch)
        results.append((logs, weights(model)))
    (whole_logs, whole_weights), (part_logs, part_weights) = results
    assert part_logs == pytest.approx(whole_logs, rel=1e-6)
    for whole, parts in zip(whole_weights, part_weights):
        np.testing.assert_allclose(parts, whole, rtol=1e-9)


def test_parts_move_the_statistics_in_turn():
    model, plain = make_model(accumulation_steps=2), make_model(gradient_clip=None)
    images, labels = make_batch()
    train(model, images, labels)
    for part in tf.split(images, 2):
        plain.network(part, training=True, return_auxiliary=True)
    pairs = zip(model.network.variables, plain.network.variables)
    moments = [pair for pair in pairs if "moving" in pair[0].path]
    assert moments
    for got, expected in moments:
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6)


def test_the_scale_of_the_loss_changes_nothing():
    """The unscaled gradient is clipped, whatever the scale."""
    results = []
    for loss_scale in (None, LossScale()):
        model = make_model(gradient_clip=0.5)
        model.loss_scale = loss_scale
        for seed in range(2):
            train(model, *make_batch(seed))
        results.append(weights(model))
    for plain, scaled in zip(*results):
        np.testing.assert_array_equal(plain, scaled)


def test_an_overflow_takes_the_step_back_and_halves_the_scale():
    """What the forward pass has moved, too; and it is part of no metric."""
    model = make_model()
    model.loss_scale = LossScale()
    scale = float(model.loss_scale.scale)
    images, labels = make_batch()
    train(model, images, labels)
    before = state(model)
    assert train(model, images * np.inf, labels)["loss"] == 0
    for old, new in zip(before, state(model), strict=True):
        np.testing.assert_array_equal(old, new)
    assert float(model.loss_scale.scale) == scale / 2
    assert model.state_variables[-2:] == model.loss_scale.variables


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision(policy):
    model = make_model(policy, accumulation_steps=2)
    assert model.network.compute_dtype == policy.removeprefix("mixed_")
    scaled = model.loss_scale is not None
    assert scaled == (policy == "mixed_float16")
    before = weights(model)
    # Parts of two images have large gradients: at the first scale they overflow.
    logs = [train(model, *make_batch()) for _ in range(8)]
    assert all(np.isfinite(list(log.values())).all() for log in logs)
    skipped = 0
    if scaled:
        skipped = int(np.log2(LossScale().scale / model.loss_scale.scale))
    assert int(model.optimizer.iterations) == 8 - skipped > 0
    assert all(w.dtype == np.float32 and np.isfinite(w).all() for w in weights(model))
    assert any((old != new).any() for old, new in zip(before, weights(model)))
    assert model.predict(make_batch()[0], verbose=0).shape == (4, NUM_CLASSES)


def test_same_seed_same_bits_with_drop_path():
    results = []
    for _ in range(2):
        model = make_model()
        model.network.drop_path_rate.assign(0.5)
        train(model, *make_batch())
        results.append(state(model))
    for first, second in zip(*results):
        np.testing.assert_array_equal(first, second)
    seeds = model.network.seed_generator.state
    assert any(variable is seeds for variable in model.network.variables)
