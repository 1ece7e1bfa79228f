"""What both networks of GDAS have in common."""

import dataclasses

import numpy as np
import tensorflow as tf

from darts_tf.method.methods import DARTS, W_FIRST
from darts_tf.method.sampled_relaxations import GumbelSoftmax
from darts_tf.method.selections import StrongestPairs
from tests.variants.golden_variants import of_kinds

KINDS = ("normal", "reduce")
METHOD = dataclasses.replace(
    DARTS,
    relaxation=GumbelSoftmax(hard=True, temperature=10.0, last_temperature=0.1),
    selection=StrongestPairs(),
    update_order=W_FIRST,
)


def recorded_draw(golden, name, temperature):
    """What was drawn for a pass."""
    noise = of_kinds(golden, f"gumbels/{name}/")
    temperature = tf.constant(temperature, tf.float64)
    return {kind: [(x, temperature), None] for kind, x in noise.items()}


def named_draw(network, name, drawn):
    """The probabilities and the choices of a pass."""
    soft, results = GumbelSoftmax(), {}
    for kind, alpha in zip(KINDS, network.alphas):
        of_kind = {"alpha": tf.convert_to_tensor(alpha)}
        own = drawn[kind][0]
        chosen = METHOD.relaxation.coefficients(None, of_kind, own)
        results[f"probs/{name}/{kind}"] = soft.coefficients(None, of_kind, own)
        results[f"index/{name}/{kind}"] = tf.argmax(chosen, axis=-1)
        assert set(np.unique(chosen)) == {0, 1}
    return results
