"""Freezing of the weights of operations that overfit."""

import dataclasses

import keras

from darts_tf.errors import invalid_value
from darts_tf.method.slots import PACKAGE, Slot


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class Freezing(Slot):
    """Weights stand still where both halves of the data disagree (OLES, NeurIPS 2023).

    Of each operation on each edge of each cell the cosine of the gradients of the
    training and the validation loss is summed over steps. After `steps` + 1 of them, as
    in the authors' program, an operation whose sum over `steps` is below `threshold`
    stands still for good, and the sums begin anew.

    The measure is that of the paper. The authors' program has in place of the
    validation gradient its sum with the clipped training gradient of the step before,
    which it leaves in place, so that its cosines are larger.

    Args:
        threshold: Least mean cosine.
        steps: Number of steps.

    Raises:
        ValueError: If an argument is out of its bounds.
    """

    threshold: float = 0.4
    steps: int = 20

    def __post_init__(self):
        if not -1 <= self.threshold <= 1:
            raise invalid_value("threshold", "a number from -1 to 1", self.threshold)
        if type(self.steps) is not int or self.steps < 1:
            raise invalid_value("steps", "an integer from 1 up", self.steps)
