"""The multiplier of a search that has a target for the cost of its derived network.

Of all alpha whose derived network costs no more than the target T, the one of the least
loss is wanted. With the excess x of the cost over T, as a share of T, the loss has
beside it what the augmented Lagrangian of an inequality has (Rockafellar, 1973),

    (max(0, m + x)^2 - m^2) / 2,

whose slope in x is max(0, m + x), and after each step of alpha the multiplier m ascends
by a rate times x, never below 0. In LightNAS (arXiv 2208.14446), whose ascent on the
derived network's excess this is, the slope is m alone. But x changes by whole edges,
and only after alpha has moved for a while: m comes too late, and the cost swings. The x
in the slope acts at once.

A swing that is left would end the search anywhere. So in the last fifth of its steps
those of alpha are shortened near the target, to x over a tenth of their length: a cell
that meets it stays. LightNAS does so in its last 10 epochs of 80, within 0.15 ms.
"""

import keras
import tensorflow as tf

# An excess of a tenth throughout a search brings the multiplier from 0 to this value.
LARGEST_MULTIPLIER = 10.0
_TYPICAL_EXCESS = 0.1
_SETTLED_FROM = 0.8


class Multiplier:
    """The multiplier m, and how far the search has come; a checkpoint holds all.

    Args:
        steps: Number of steps of alpha in the whole search.

    Attributes:
        value: Keras variable of m, a scalar.
        excess: Keras variable of the excess x after the last step.
        count: Keras variable of the number of steps.
    """

    def __init__(self, steps: int):
        self.steps = steps
        self.value = _variable("float32", "cost_multiplier")
        self.excess = _variable("float32", "cost_excess")
        self.count = _variable("int64", "cost_steps")

    @property
    def variables(self) -> list[keras.Variable]:
        """All of them, in the order of what `ascended` returns."""
        return [self.value, self.excess, self.count]

    @property
    def rate(self) -> float:
        """What m moves by in a step where the cost is twice the target."""
        return LARGEST_MULTIPLIER / (_TYPICAL_EXCESS * self.steps)

    def term(self, excess: tf.Tensor) -> tf.Tensor:
        """Returns what the loss has beside the validation loss.

        Args:
            excess: The excess x, scalar.
        """
        multiplier = tf.cast(self.value, excess.dtype)
        return (tf.nn.relu(multiplier + excess) ** 2 - multiplier**2) / 2

    def share_of_step(self) -> tf.Tensor:
        """Returns how much of its next step alpha takes, a scalar from 0 to 1."""
        share = tf.minimum(1.0, tf.abs(self.excess) / _TYPICAL_EXCESS)
        is_late = tf.cast(self.count, tf.float32) >= _SETTLED_FROM * self.steps
        return tf.where(is_late, share, 1.0)

    def ascended(self, excess: tf.Tensor) -> list[tf.Tensor]:
        """Returns the values of all variables after a step.

        Args:
            excess: That of the derived network after the step of alpha, scalar.
        """
        value = tf.convert_to_tensor(self.value)
        excess = tf.cast(excess, value.dtype)
        ascended = tf.nn.relu(value + self.rate * excess)
        return [ascended, excess, tf.convert_to_tensor(self.count) + 1]


def _variable(dtype, name):
    return keras.Variable(0, trainable=False, dtype=dtype, name=name)
