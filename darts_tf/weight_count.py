"""The number of weights of a layer or network, as papers state it."""

import math
from typing import Any


def count_weights(layer: Any) -> int:
    """Counts what is trained: no moving statistics, and of a search no alpha.

    Args:
        layer: Built Keras layer or network.
    """
    weights = getattr(layer, "weights_w", None)
    if weights is None:
        weights = layer.trainable_variables
    return sum(math.prod(variable.shape) for variable in weights)
