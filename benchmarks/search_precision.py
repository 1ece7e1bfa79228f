"""Errors of the gradient of the architecture in 16 bits.

```shell
python -m benchmarks.search_precision ../shared/golden/conv_search.npz
```

The network, its batches and the gradients in float64 are those of the file, which the
authors' code computed. A line says by which angle, and by which factor of its norm, the
gradient in alpha differs from that one in a first step of the search.
"""

import sys

import numpy as np
import tensorflow as tf

from benchmarks.golden_names import load_golden_weights
from darts_tf.convolutional import SearchNetwork
from darts_tf.convolutional.search_model import SearchModel

PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")
# The name in the file of each method.
METHODS = {
    ("first", "exact"): "first_order",
    ("second", "exact"): "exact_second_order",
    ("second", "finite_difference"): "finite_difference",
}


def make_model(golden, num_cells, order, hessian, precision):
    """Makes the `SearchModel` of a golden file; see `SearchModel`."""
    num_classes = golden["logits_train_0"].shape[1]
    network = SearchNetwork(
        num_classes, init_channels=4, num_cells=num_cells, dtype=precision
    )
    network.build((None, 16, 16, 3))
    load_golden_weights(network, golden)
    model = SearchModel(network, order, hessian)
    model.compile()
    return model


def alpha_gradient(golden, model):
    """Computes the gradient in alpha of the first step, as one float64 vector."""
    batches = [
        (
            tf.constant(golden[f"x_{half}_0"].transpose(0, 2, 3, 1), tf.float32),
            tf.constant(golden[f"y_{half}_0"], tf.int32),
        )
        for half in ("train", "valid")
    ]
    compute = tf.function(model.architecture_gradients, autograph=False)
    return vector(compute(*batches).alpha)


def golden_gradient(golden, order, hessian):
    """The same of the authors' code."""
    name = METHODS[order, hessian]
    return vector([golden[f"{name}/0/{kind}"] for kind in ("normal", "reduce")])


def vector(arrays):
    """All elements of a list of arrays, in float64."""
    return np.concatenate([np.array(x, "float64").ravel() for x in arrays])


def angle_and_ratio(actual, expected):
    """Angle in degrees between two vectors, and the ratio of their norms."""
    norms = [np.linalg.norm(x) for x in (actual, expected)]
    units = [x / norm for x, norm in zip((actual, expected), norms)]
    # Not the arc cosine of a product, which is all rounding near 1.
    angle = 2 * np.arctan2(
        np.linalg.norm(units[0] - units[1]), np.linalg.norm(units[0] + units[1])
    )
    return np.degrees(angle), norms[0] / norms[1]


def print_table(methods, gradient):
    """Prints a line for each method.

    Args:
        methods: Pairs of an order and a kind of Hessian.
        gradient: Function of a method and of a precision, "float64" among them, that
            returns a vector.
    """
    print("| order | float64 norm | " + " | ".join(PRECISIONS) + " |")
    print("|---" * (2 + len(PRECISIONS)) + "|")
    for method in methods:
        expected = gradient(method, "float64")
        cells = [", ".join(method), f"{np.linalg.norm(expected):.1e}"]
        for precision in PRECISIONS:
            angle, ratio = angle_and_ratio(gradient(method, precision), expected)
            cells.append(f"{angle:.2g} degrees, {ratio:.3f}")
        print(f"| {' | '.join(cells)} |", flush=True)


def main(path):
    golden = np.load(path, allow_pickle=False)

    def gradient(method, precision):
        if precision == "float64":
            return golden_gradient(golden, *method)
        return alpha_gradient(golden, make_model(golden, 5, *method, precision))

    print_table(METHODS, gradient)


if __name__ == "__main__":
    main(*sys.argv[1:])
