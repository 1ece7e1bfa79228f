"""Functions that run side by side, up to their next normalization."""

import numpy as np
import tensorflow as tf

from darts_tf.convolutional.forms import lockstep
from darts_tf.convolutional.operations.grouped.kept import Kept
from darts_tf.convolutional.operations.grouped.pointwise import Product


def test_what_is_asked_for_together_is_given_together():
    asked = []

    def normalize(requests):
        asked.append({key: request.x for key, request in requests.items()})
        return {key: request.x + "n" for key, request in requests.items()}

    functions = {
        "once": lambda normalize: normalize("a") + "!",
        "never": lambda normalize: "b",
        "twice": lambda normalize: normalize(normalize("c", relu=True) + "d"),
    }
    results = lockstep.in_lockstep(functions, normalize)
    assert results == {"once": "an!", "never": "b", "twice": "cndn"}
    assert asked == [{"once": "a", "twice": "c"}, {"twice": "cnd"}]


def request(edges, kernel=None, scale=None, relu=False):
    values = np.random.default_rng(edges).normal(size=(edges, 2, 3, 4, 4))
    x = tf.constant(values)
    if kernel is not None:
        x = Product(x, tf.constant(kernel))
    return lockstep.Request(x, scale, relu)


def test_one_batch_for_each_shape():
    kernel = np.random.default_rng(0).normal(size=(3, 2, 2))
    scale = tf.ones([3, 2, 1, 1, 1], tf.float64)
    requests = {
        "product": request(3, kernel, 2.0 * scale),
        "pool": request(1),
        "shared": request(1, kernel),
        "other": request(3, 1 + kernel, relu=True),
    }
    kept = Kept()
    batches = lockstep.batches(requests, constant_kernels=False, kept=kept)
    # What the products of one shape read and give, and what the other gives.
    assert [x.shape[0] for x in kept.values] == [6, 6, 3]
    sizes = [list(batch.sizes.items()) for batch in batches]
    together = [("product", 3), ("other", 3)]
    assert sizes == [together, [("pool", 1)], [("shared", 3)]]
    first, _, shared = batches
    assert first.relu == [False] * 3 + [True] * 3
    np.testing.assert_array_equal(first.scale[:, 0], [2, 2, 2, 1, 1, 1])
    for batch, key, kernels in (
        (first, "product", kernel),
        (first, "other", 1 + kernel),
        (shared, "shared", kernel),
    ):
        x = np.broadcast_to(requests[key].x.x, (3, 2, 3, 4, 4))
        expected = np.einsum("ecnhw,ecd->ednhw", x, kernels)
        np.testing.assert_allclose(batch.parted(batch.x)[key], expected, rtol=1e-12)
