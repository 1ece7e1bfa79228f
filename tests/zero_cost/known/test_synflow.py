import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.zero_cost.known.synflow import flow, kernels_of, make_positive
from darts_tf.zero_cost.registry import get_score
from tests.spaces.known.nasbench201_networks import (
    SPACE,
    copy_weights,
    evaluation_network,
    search_network,
)
from tests.zero_cost.chain import SHAPE, built_chain


@pytest.mark.parametrize("filters", [(5, 3), (2, 3, 4, 2)])
def test_a_chain_in_closed_form(filters):
    """R is linear in each of the L kernels: theta dR/dtheta sums up to R for each.

    R is the sum of the product of all matrices. The bias only adds to it, and the
    normalizations are gone, whatever they have stored.
    """
    keras.utils.set_random_seed(1)
    chain = built_chain(filters=filters)
    for variable in chain.variables:
        if variable.name in ("scale", "offset", "moving_moments"):
            variable.assign(np.random.default_rng(0).uniform(1, 9, variable.shape))
    matrices = [abs(x.kernel.numpy().reshape(x.kernel.shape[-2:])) for x in chain.body]
    matrices.append(abs(chain.classifier.kernel.numpy()))
    product = np.ones(SHAPE[-1])
    for matrix in matrices:
        product = product @ matrix.astype(float)
    expected = len(matrices) * product.sum()
    score = get_score("synflow")(chain, np.zeros((2, *SHAPE)))
    assert score == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("options", [(3, 2, 1, 0, 4, 3), (0, 3, 2, 1, 4, 2)])
def test_a_search_network_of_one_hot_coefficients_is_the_derived_one(options):
    search = search_network(cells=1)
    derived = evaluation_network(SPACE.decode(options), cells=1)
    copy_weights(search, derived)
    make_positive(search)
    one_hot = tf.one_hot(options, 5, dtype=tf.float64)
    by_kind = {"nasbench201": {"operations": one_hot}}
    found = flow(
        lambda x: search(x, coefficients=by_kind), kernels_of(search), (8, 8, 3)
    )
    # The derived network has rounded the weights to float32.
    expected = get_score("synflow")(derived, np.zeros((2, 8, 8, 3)))
    assert float(found) == pytest.approx(expected, rel=1e-6)


def test_kernels_are_what_the_sum_goes_over():
    search = search_network(cells=1)
    names = {x.name for x in kernels_of(search)}
    assert names == {"kernel", "kernels"}
    assert {id(x) for x in kernels_of(search)}.isdisjoint(map(id, search.alphas))
