"""Weights of a language model under the names of the golden files.

Those are the names of the published PyTorch code; kernels have the same layout there.
"""

import numpy as np


def golden_variables(model):
    """Returns the variables of a built `LanguageModel` by golden name."""
    return {
        "encoder.weight": model.embedding,
        "decoder.bias": model.decoder_bias,
        "rnns.0._W0": model.cell.input_kernel,
        **{
            f"rnns.0._Ws.{node}": kernel
            for node, kernel in enumerate(model.cell.node_kernels)
        },
    }


def golden_gradients(model, gradients):
    """Returns gradients in the order of `model.weights_w` by golden name."""
    by_variable = {id(v): g for v, g in zip(model.weights_w, gradients)}
    return {
        f"grad_w/{name}": by_variable[id(variable)]
        for name, variable in golden_variables(model).items()
    }


def load_golden_weights(model, golden):
    """Sets all weights, and alpha where there is one, from an opened golden file."""
    variables = golden_variables(model)
    # The decoder is tied to the embedding, and the search cell's running statistics
    # are not kept.
    names = {
        key.removeprefix("param/")
        for key in golden
        if key.startswith("param/") and ".running_" not in key
    }
    assert names - {"decoder.weight"} == variables.keys()
    np.testing.assert_array_equal(
        golden["param/encoder.weight"], golden["param/decoder.weight"]
    )
    for name, variable in variables.items():
        variable.assign(golden[f"param/{name}"])
    for alpha in model.alphas:
        alpha.assign(golden["alphas"])


def batch_major(array):
    """Turns `(time, batch, ...)`, as text is laid out there, to `(batch, time, ...)`.

    A hidden state, `(layers, batch, units)`, becomes `(batch, layers, units)`.
    """
    return np.swapaxes(array, 0, 1)
