"""The five dropouts of the recurrent networks, each one mask for a whole sequence.

A mask is a tensor drawn once for a batch: a search step evaluates the batch at several
weights, and a difference of two passes means nothing unless both drop the same.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from darts_tf.errors import invalid_value


@dataclasses.dataclass(frozen=True)
class DropoutRates:
    """Which share is dropped where; the paper's names stand in brackets.

    Args:
        words: Of the words, all of whose embedding is dropped [dropoute].
        embedded: Of the embedded text, fixed over time [dropouti].
        inputs: Of the cell's input, fixed over time [dropoutx].
        hidden: Of every hidden state of the cell, the previous one and each node,
            where a matrix product reads it; one mask for all, fixed over time
            [dropouth].
        outputs: Of the cell's output before the decoder, fixed over time [dropout].

    Raises:
        ValueError: If a rate is not in [0, 1).
    """

    words: float = 0.0
    embedded: float = 0.0
    inputs: float = 0.0
    hidden: float = 0.0
    outputs: float = 0.0

    @classmethod
    def of_settings(cls, settings: Any) -> "DropoutRates":
        """Takes the rates from attributes `dropout_words` and so on."""
        names = [field.name for field in dataclasses.fields(cls)]
        return cls(**{name: getattr(settings, f"dropout_{name}") for name in names})

    def __post_init__(self):
        for name, rate in dataclasses.asdict(self).items():
            if not isinstance(rate, (int, float)) or not 0 <= rate < 1:
                raise invalid_value(name, "a rate in [0, 1)", rate)


def draw_masks(
    rates: DropoutRates,
    seed: tf.Tensor,
    batch_size: tf.Tensor | int,
    units: int,
    vocabulary_size: int,
    dtype: str,
) -> dict[str, tf.Tensor]:
    """Draws the masks of a batch.

    An element is kept with probability 1 - rate and then scaled by 1 / (1 - rate).

    Args:
        rates: `DropoutRates`.
        seed: Integer tensor of shape `(2,)`; the same seed draws the same masks.
        batch_size, units, vocabulary_size: Integers.
        dtype: Of the masks.

    Returns:
        Dictionary of tensors by the names of `DropoutRates`, those with a rate above 0:
        `words` of shape `(vocabulary_size, 1)`, `embedded` and `outputs` of
        `(batch, 1, units)`, `inputs` and `hidden` of `(batch, units)`.
    """
    shapes = {
        "words": (vocabulary_size, 1),
        "embedded": (batch_size, 1, units),
        "inputs": (batch_size, units),
        "hidden": (batch_size, units),
        "outputs": (batch_size, 1, units),
    }
    masks = {}
    for index, (name, shape) in enumerate(shapes.items()):
        rate = getattr(rates, name)
        if rate:
            masks[name] = draw_mask(rate, seed, index, shape, dtype)
    return masks


def draw_mask(
    rate: float,
    seed: tf.Tensor,
    index: int,
    shape: Sequence[tf.Tensor | int],
    dtype: str,
) -> tf.Tensor:
    """Draws one mask.

    Args:
        rate: In (0, 1).
        seed: Integer tensor of shape `(2,)`, the same for all masks of a batch.
        index: Which of these it is. Each has a seed of its own, so that it does not
            depend on which others there are.
        shape: Of the mask.
        dtype: Of the mask.
    """
    own_seed = tf.random.experimental.stateless_fold_in(tf.cast(seed, tf.int64), index)
    kept = tf.random.stateless_uniform(shape, own_seed) >= rate
    return tf.cast(kept, dtype) / (1 - rate)
