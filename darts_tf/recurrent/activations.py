"""The activations that stand on the edges of recurrent cells, and their registry.

They are what primitives are in a convolutional cell. To add one:

```python
register_activation("sine", tf.sin)
cell = SearchCell(300, activations=("none", "tanh", "sine"))
```

`"none"`, no connection, is a name without a function: nothing is computed for it.
"""

from collections.abc import Callable

import tensorflow as tf

from darts_tf.errors import invalid_value
from darts_tf.space.topology import NONE

# The paper's list, in the order of alpha's columns.
DARTS_ACTIVATIONS = (NONE, "tanh", "relu", "sigmoid", "identity")

_ACTIVATIONS = {
    "tanh": tf.tanh,
    "relu": tf.nn.relu,
    "sigmoid": tf.sigmoid,
    "identity": tf.identity,
}


def register_activation(name: str, function: Callable) -> None:
    """Makes an activation known under a name.

    Args:
        name: A name as in a genotype, for instance `"sine"`.
        function: Elementwise function of a tensor.

    Raises:
        ValueError: If the name is taken.
    """
    if name == NONE or name in _ACTIVATIONS:
        raise invalid_value("name", "a name that is not taken", name)
    _ACTIVATIONS[name] = function


def get_activation(name: str) -> Callable:
    """Returns a registered activation.

    Raises:
        ValueError: If there is none of this name.
    """
    if name not in _ACTIVATIONS:
        raise invalid_value("activation", f"one of {', '.join(_ACTIVATIONS)}", name)
    return _ACTIVATIONS[name]
