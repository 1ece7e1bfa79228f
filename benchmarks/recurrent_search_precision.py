"""Errors of the gradient of a recurrent architecture in 16 bits.

```shell
python -m benchmarks.recurrent_search_precision ../shared/golden/rnn_search.npz
```

As `benchmarks.search_precision`, for the network, the texts and the hidden states of a
golden file of the recurrent search. The gradients in float64 are the model's own, which
the tests compare with those of the authors' code.
"""

import json
import sys

import numpy as np
import tensorflow as tf

from benchmarks.golden_recurrent_names import batch_major, load_golden_weights
from benchmarks.search_precision import METHODS, print_table, vector
from darts_tf.optimization.optimizers import MomentumSGD
from darts_tf.recurrent import LanguageModel, SearchCell
from darts_tf.recurrent.search_model import RecurrentSearchModel


def make_model(golden, order, hessian, precision):
    """Makes the `RecurrentSearchModel` of a golden file; see there."""
    settings = json.loads(str(golden["settings"]))
    network = LanguageModel(
        settings["ntoken"],
        SearchCell(settings["nhid"], dtype=precision),
        dtype=precision,
    )
    network.build()
    load_golden_weights(network, golden)
    model = RecurrentSearchModel(
        network,
        settings["batch"],
        order=order,
        hessian=hessian,
        gradient_clip=settings["clip"],
    )
    model.compile(
        MomentumSGD(
            settings["lr"], momentum=0.0, coupled_weight_decay=settings["wdecay"]
        )
    )
    return model


def alpha_gradient(golden, model):
    """Computes the gradient in alpha of the first step, as one float64 vector."""

    def batch(half):
        inputs = {
            key: tf.constant(batch_major(golden[f"{key}_{half}_0"]), tf.int32)
            for key in ("tokens", "targets")
        }
        state = batch_major(golden[f"hidden_{half}"])[:, 0]
        inputs["state"] = tf.constant(state, model.network.compute_dtype)
        return inputs, (inputs["targets"], inputs["tokens"].shape[1])

    compute = tf.function(model.architecture_gradients, autograph=False)
    return vector(compute(batch("train"), batch("valid")).alpha)


def main(path):
    golden = np.load(path, allow_pickle=False)

    def gradient(method, precision):
        return alpha_gradient(golden, make_model(golden, *method, precision))

    print_table(METHODS, gradient)


if __name__ == "__main__":
    main(*sys.argv[1:])
