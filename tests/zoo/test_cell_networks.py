"""The networks made of cells: small ones in use, those of full size counted."""

import functools
import gc

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.evaluation_model import ImageTrainingModel
from darts_tf.convolutional.network_cost import network_cost
from darts_tf.errors import UserError
from darts_tf.serving.export_config import ExportConfig
from darts_tf.serving.image_export import export_image_model
from darts_tf.zoo import get_row, rows
from darts_tf.zoo.cell_network import cell_network
from darts_tf.zoo.row import CIFAR10, IMAGENET
from tests.long_cases import with_long
from tests.serving.trained_run import make_images, write_run

ROWS = [
    row.name
    for row in rows()
    if isinstance(row.make, functools.partial) and row.make.func is cell_network
]
QUICK = ("nasnet_a_cifar10",)
NUM_CLASSES = 5


def image_size(row):
    # The least at which the cells of ImageNet's networks still have something to halve.
    return 35 if row.dataset == IMAGENET else 8


class Trained:
    """A small network of a row after one step, and what it was before.

    Attributes:
        network: The network.
        images: A batch.
        before, logs: Its trained weights before the step, and what that reported.
    """

    def __init__(self, name):
        row = get_row(name)
        keras.utils.set_random_seed(1)
        self.network = row.build(num_classes=NUM_CLASSES, num_cells=3, init_channels=8)
        self.size = image_size(row)
        self.network.build((None, self.size, self.size, 3))
        model = ImageTrainingModel(self.network)
        model.compile()
        random = np.random.default_rng(0)
        images = random.normal(size=(4, self.size, self.size, 3))
        self.images = tf.constant(images, tf.float32)
        labels = tf.constant(random.integers(0, NUM_CLASSES, 4))
        self.before = [v.numpy() for v in self.network.trainable_variables]
        self.logs = model.train_on_batch(self.images, labels, return_dict=True)


@pytest.fixture(scope="module", params=with_long(ROWS, QUICK))
def trained(request):
    yield Trained(request.param)
    keras.backend.clear_session()
    gc.collect()


def test_a_step_moves_all_weights(trained):
    assert np.isfinite(trained.logs["loss"])
    variables = trained.network.trainable_variables
    for variable, before in zip(variables, trained.before, strict=True):
        assert np.isfinite(variable).all()
        assert np.any(variable != before), variable.path


def test_logits_and_drop_path(trained):
    network, images = trained.network, trained.images
    for training in (False, True):
        outputs = network(images, training=training, return_auxiliary=True)
        assert [x.shape for x in outputs] == [(4, NUM_CLASSES)] * 2
    plain = network(images, training=True)
    network.drop_path_rate.assign(0.5)
    dropped = network(images, training=True)
    network.drop_path_rate.assign(0.0)
    assert np.abs(dropped - plain).max() > 1e-3


def test_save_and_load_agree(trained, tmp_path):
    network = trained.network
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    assert loaded.skeleton == network.skeleton and loaded.genotype == network.genotype
    outputs = [x(trained.images, return_auxiliary=True) for x in (network, loaded)]
    for got, wanted in zip(*outputs):
        np.testing.assert_array_equal(got, wanted)


@pytest.mark.long
def test_an_export_computes_the_same(trained, tmp_path):
    """The export compares its outputs with the network's, in a process of its own."""
    images = make_images(4, trained.size)
    write_run(tmp_path / "run", trained.network, trained.size, images)
    output = tmp_path / "served"
    report = export_image_model(ExportConfig(run=tmp_path / "run", output=output))
    assert (output / "1" / "saved_model.pb").is_file()
    assert "logits: largest difference" in report


@pytest.mark.parametrize("name", ROWS)
def test_what_the_rows_say(name):
    row = get_row(name)
    network = row.build(num_cells=1, init_channels=4, auxiliary=False)
    # By it programs know how the images are prepared.
    assert network.stem == ("cifar" if row.dataset == CIFAR10 else "imagenet")
    sizes = row.make.keywords
    assert sizes.get("num_classes", 10) == (10 if row.dataset == CIFAR10 else 1000)
    weights = row.weights
    if isinstance(weights, int):
        # What is published is rounded to 0.1 million.
        assert abs(weights / 1e6 - row.published.weights) <= 0.0501
    elif weights:
        least, most = weights
        assert least / 1e6 - 0.05 <= row.published.weights <= most / 1e6 + 0.05


@pytest.mark.long
@pytest.mark.parametrize(
    "name", [*ROWS, "darts_v1_cifar10", "darts_v2_cifar10", "darts_v2_imagenet"]
)
def test_published_sizes(name, record_property):
    """Weights exactly as the layer lists have them, mult-adds within 1 %."""
    row = get_row(name)
    network = row.build()
    size = 32 if row.dataset == CIFAR10 else 224
    network.build((None, size, size, 3))
    cost = network_cost(network)
    record_property("weights", cost.weights)
    record_property("mult-adds in millions", cost.multiply_adds / 1e6)
    if isinstance(row.weights, int):
        assert cost.weights == row.weights
    elif row.weights:
        assert row.weights[0] <= cost.weights <= row.weights[1]
    if row.multiply_adds:
        assert cost.multiply_adds / 1e6 == pytest.approx(row.multiply_adds, rel=0.01)
    keras.backend.clear_session()
    gc.collect()


@pytest.mark.parametrize(
    "name", ["block_qnn_cifar10", "nasnet_b_imagenet", "nasnet_c_imagenet"]
)
def test_networks_that_are_not_public(name):
    with pytest.raises(UserError, match=f"no network {name}: no public code"):
        get_row(name).build()
