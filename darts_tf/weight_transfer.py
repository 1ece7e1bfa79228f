"""Weights of one network for another one of the same structure."""

import keras

from darts_tf.errors import UserError, shortened


def assign_weights(network: keras.Model, source: keras.Model) -> None:
    """Gives a network the weights of another one of the same structure.

    A class may have `STRUCTURE`, a dictionary from the attributes on which it depends
    which weights there are to what a user calls each.

    Args:
        network: Built network.
        source: Built network with the weights.

    Raises:
        UserError: If the structure is another one, or a weight has another shape; it
            is named, and nothing is set.
    """
    kinds = [type(each).__name__ for each in (source, network)]
    if kinds[0] != kinds[1]:
        raise UserError(
            f"`weights` is a network of the class {kinds[0]}, but one of the class "
            f"{kinds[1]} is needed."
        )
    for name, setting in getattr(network, "STRUCTURE", {}).items():
        needed, found = getattr(network, name), getattr(source, name)
        if needed != found:
            raise UserError(
                f"`weights` is a network of `{setting}`={shortened(found)}, but "
                f"`{setting}`={shortened(needed)} is to be trained."
            )
    if len(network.weights) != len(source.weights):
        raise UserError(
            "`weights` is a network of another search space than that of `space`, or "
            "of other sizes."
        )
    pairs = list(zip(network.weights, source.weights, strict=True))
    for new, old in pairs:
        if new.shape != old.shape:
            raise UserError(
                f"The tensor {new.path} has the shape {tuple(old.shape)} in "
                f"`weights`, but the network needs {tuple(new.shape)}."
            )
    for new, old in pairs:
        new.assign(old)
