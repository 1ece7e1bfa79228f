"""What a language model returns, and the losses of it."""

from typing import NamedTuple

import tensorflow as tf

from darts_tf.autodiff.dual_operations import in_full_precision
from darts_tf.recurrent.decoder import word_losses


class LanguageModelOutput(NamedTuple):
    """What a language model returns.

    Attributes:
        logits: Of the next word, shape `(batch, time, vocabulary)`, or `None` where
            the model was given the targets.
        state: Hidden state after the last word, shape `(batch, units)`, or a nested
            tuple of such tensors, see `LanguageNetwork`.
        hidden: The cell's outputs before dropout, shape `(batch, time, units)`.
        losses: Negative log-likelihood of each target, in nats, shape
            `(batch, time)`, or `None` where the model was given none.
    """

    logits: tf.Tensor | None
    state: tf.Tensor
    hidden: tf.Tensor
    losses: tf.Tensor | None = None


def cross_entropy(
    targets: tf.Tensor,
    output: LanguageModelOutput,
    length: tf.Tensor | int | None = None,
) -> tf.Tensor:
    """Mean negative log-likelihood of the words, in nats.

    Args:
        targets: Integer tensor of shape `(batch, time)`, the words that come next;
            not read where `output` has the losses.
        output: `LanguageModelOutput`.
        length: Number of words that count, the first ones; all by default.
    """
    losses = output.losses
    if losses is None:
        losses = word_losses(output.logits, targets)
    return tf.reduce_mean(losses[:, :length])


def slowness(
    output: LanguageModelOutput, length: tf.Tensor | int | None = None
) -> tf.Tensor:
    """Mean square of the steps of the hidden state, a penalty on fast changes.

    Zero for a sequence of one word.

    Args:
        output: `LanguageModelOutput`.
        length: Number of words that count, the first ones; all by default.
    """
    hidden = in_full_precision(output.hidden)[:, :length]
    steps = hidden[:, 1:] - hidden[:, :-1]
    count = tf.cast(tf.size(steps), steps.dtype)
    return tf.math.divide_no_nan(tf.reduce_sum(steps**2), count)
