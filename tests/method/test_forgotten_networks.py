"""Networks that were searched and dropped in one process leave nothing behind."""

import gc
import weakref

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional import SearchNetwork
from darts_tf.convolutional.search_model import SearchModel
from darts_tf.recurrent import LanguageModel, SearchCell
from darts_tf.recurrent.search_model import RecurrentSearchModel

PRIMITIVES = ("max_pool_3x3", "skip_connect", "sep_conv_3x3", "dil_conv_3x3")


def image_search(recompute):
    keras.utils.set_random_seed(0)
    network = SearchNetwork(2, 2, 1, 1, PRIMITIVES, reductions=[], recompute=recompute)
    network.build((None, 8, 8, 3))
    images = np.random.default_rng(0).normal(size=(4, 8, 8, 3)).astype("float32")
    half = (images, np.array([0, 1, 0, 1], np.int32))
    return SearchModel(network, "second", "exact"), (half, half)


def text_search(recompute):
    keras.utils.set_random_seed(0)
    cell = SearchCell(4, num_nodes=1)
    network = LanguageModel(5, cell, recompute=recompute)
    network.build()
    words = np.random.default_rng(0).integers(5, size=(2, 4), dtype=np.int32)
    half = {
        "tokens": words[:, :-1],
        "targets": words[:, 1:],
        "length": np.int32(3),
        "starts": False,
        "rate_factor": np.float32(1),
    }
    return RecurrentSearchModel(network, 2, 1, "second", "exact"), (half, half)


def count_objects():
    """Live graphs and traced functions."""
    gc.collect()
    kinds = (tf.Graph, tf.types.experimental.ConcreteFunction)
    return sum(issubclass(type(thing), kinds) for thing in gc.get_objects())


@pytest.mark.parametrize(
    "recompute", [False, pytest.param(True, marks=pytest.mark.long)]
)
@pytest.mark.parametrize("make", [image_search, text_search])
def test_networks_leave_the_memory_of_one(make, recompute):
    """Each is searched by a step of the exact second order."""
    networks, made, left = [], [], []
    for _ in range(2):
        before = count_objects()
        model, pair = make(recompute)
        model.compile()
        model.fit(tf.data.Dataset.from_tensors(pair), verbose=0, shuffle=False)
        networks.append(weakref.ref(model.network))
        made.append(count_objects() - before)
        del model
        left.append(count_objects())
    assert [network() for network in networks] == [None, None]
    # What belongs to no network stays, such as functions for the whole process.
    assert left[1] == left[0]
    assert made[1] <= made[0]
