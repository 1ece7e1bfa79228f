"""Evaluation networks against numbers that the published code computed in float64."""

import json

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import PUBLISHED, Genotype
from darts_tf.weights.convolutional_weights import (
    assign_published_weights,
    published_views,
)

TOLERANCE = 1e-9
GENOTYPES = {
    "conv_eval_darts_v1": "DARTS_V1",
    "conv_eval_darts_v2": "DARTS_V2",
    "conv_eval_nasnet": "NASNet-A",
    "conv_eval_amoebanet": "AmoebaNet-A",
    "imagenet_eval_darts_v2": "DARTS_V2",
}
INPUTS = ("param/", "x", "y", "genotype")


@pytest.fixture(scope="module", params=list(GENOTYPES))
def run(request, golden_folder):
    """The golden file and everything that the network computed."""
    golden = np.load(golden_folder / f"{request.param}.npz", allow_pickle=False)
    imagenet = request.param.startswith("imagenet")
    network = EvaluationNetwork(
        Genotype.published(GENOTYPES[request.param]),
        num_classes=golden["logits_eval"].shape[1],
        init_channels=8 if imagenet else 4,
        num_cells=5,
        stem="imagenet" if imagenet else "cifar",
        dtype="float64",
    )
    images = tf.constant(golden["x"].transpose(0, 2, 3, 1), tf.float64)
    network.build((None, *images.shape[1:]))
    prefix = "param/"
    weights = {
        k.removeprefix(prefix): golden[k] for k in golden if k.startswith(prefix)
    }
    assign_published_weights(network, weights)
    return golden, _results(network, images, tf.constant(golden["y"]))


def _results(network, images, labels):
    @tf.function(autograph=False)
    def train():
        with tf.GradientTape() as tape:
            outputs = network(images, training=True, return_auxiliary=True)
            loss, auxiliary = (
                tf.reduce_mean(
                    tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
                )
                for logits in outputs
            )
            loss += 0.4 * auxiliary
        variables = [v.value for v in network.trainable_variables]
        # Some nodes of NASNet-A and AmoebaNet-A lead nowhere.
        return outputs, loss, tape.gradient(loss, variables, None, "zero")

    logits = network(images)
    outputs, loss, gradients = train()
    paths = [variable.path for variable in network.trainable_variables]
    named = published_views(network, {k: g.numpy() for k, g in zip(paths, gradients)})
    return {
        "logits_eval": logits.numpy(),
        "logits_train": outputs[0].numpy(),
        "logits_aux_train": outputs[1].numpy(),
        "loss_train": loss.numpy(),
        "grad_norm": tf.linalg.global_norm(gradients).numpy(),
        **{f"grad_w/{name}": gradient for name, gradient in named.items()},
    }


QUANTITIES = (
    "logits_eval",
    "logits_train",
    "logits_aux_train",
    "loss_train",
    "grad_norm",
    "grad_w/",
)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_golden_quantity(run, quantity, record_property):
    golden, results = run
    keys = [key for key in golden if key.startswith(quantity)]
    assert keys
    errors = {
        key: np.abs(results[key] - golden[key]).max() / np.abs(golden[key]).max()
        for key in keys
    }
    worst = max(errors, key=errors.get)
    note = f"{errors[worst]:.1e} in {len(keys)} arrays"
    record_property("largest relative error", note)
    assert errors[worst] <= TOLERANCE, (worst, errors[worst])


def test_every_golden_array_is_compared(run):
    golden, _ = run
    assert all(key.startswith(INPUTS + QUANTITIES) for key in golden)


def test_golden_genotype_is_the_published_one(golden_folder):
    for file, name in GENOTYPES.items():
        golden = json.loads(str(np.load(golden_folder / f"{file}.npz")["genotype"]))
        cells = {
            kind: Cell.from_lists(
                zip(*[iter(golden[kind])] * 2), golden[f"{kind}_concat"]
            )
            for kind in ("normal", "reduce")
        }
        assert Genotype(**cells) == PUBLISHED[name]
