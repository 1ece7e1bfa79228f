import numpy as np
import pytest

import darts_tf as dt
from darts_tf.errors import UserError
from darts_tf.zoo import from_preset, save_to_preset
from darts_tf.zoo.networks import MobileNet


def test_a_row_of_any_class(tmp_path):
    network = from_preset("mobilenet_imagenet", num_classes=3, init_channels=2)
    assert isinstance(network, MobileNet) and network.built
    save_to_preset(network, tmp_path / "mobile")
    loaded = from_preset(tmp_path / "mobile")
    for new, old in zip(loaded.weights, network.weights, strict=True):
        np.testing.assert_array_equal(new, old)
    with pytest.raises(UserError, match=r"one of .*mobilenet_imagenet"):
        from_preset("nothing")


def test_at_the_top():
    assert "EvaluationNetwork" in dir(dt) and dt.zoo.from_preset is from_preset
    sizes = {"num_cells": 1, "init_channels": 2}
    network = dt.EvaluationNetwork.from_preset("darts_v2_cifar10", **sizes)
    assert network.genotype == dt.Genotype.published("DARTS_V2")
