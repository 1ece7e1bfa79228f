"""What a function of grouped images keeps for its gradient, and computes not again."""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from darts_tf.autodiff.dual import Dual, linear
from darts_tf.convolutional.operations.grouped.images import with_transpose


class Kept:
    """Keeps values in a forward pass, and gives them where that is computed again.

    In the backward function of `recomputed`, each value stands in place of the one that
    is the same, whose operations then lead nowhere. What is not kept, as all that is
    elementwise, is computed again, by the program that needs it.

    `tf.custom_gradient` alone, in a traced function, would keep all arguments of all
    operations besides, for the sake of zeros like them.

    Args:
        values: The list of another one, or `None` to begin one.
        images: Whether images are kept, too, and not statistics alone.

    Attributes:
        values: List of what is kept, in the order in which it is computed.
    """

    def __init__(self, values: Sequence | None = None, images: bool = True):
        self.values = []
        self._known = None if values is None else iter(values)
        self._images = images

    def image(self, x: tf.Tensor | Dual) -> tf.Tensor | Dual:
        """Returns images, with their gradient, from what is kept if they are."""
        if not self._images:
            return x
        kept = self.value(x)
        return x if kept is x else _with_value(x, kept)

    def value(self, x: Any) -> Any:
        """Returns a tensor without gradient, from what is kept."""
        if self._known is not None:
            return next(self._known)
        self.values.append(x)
        return x


@linear
def _with_value(x, kept):
    return with_transpose(lambda _: tf.identity(kept), lambda gradient: gradient, x)
