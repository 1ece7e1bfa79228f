"""Batches of words that follow on one another, for networks that carry a state.

What an epoch reads is a pure function of the seed and the epoch. A batch is a
dictionary:

- `tokens` and `targets`, int32 of shape `(streams, bucket)`: the words, and those that
  come next. The number of words varies; they are padded to one of a few lengths, the
  buckets, so that a traced step is traced once for each of these.
- `length`, int32: how many of the words count, the first ones.
- `starts`, bool: whether the text starts here, and with it the hidden state.
- `rate_factor`, float32: by what a step multiplies the learning rate, the length in
  relation to the usual one.
"""

import dataclasses

import numpy as np
import tensorflow as tf

from darts_tf.data.text.corpus import batchify
from darts_tf.data.whole_data import on_cpu
from darts_tf.errors import UserError

_LEAST, _MOST_DEVIATIONS = 5, 4


@dataclasses.dataclass(frozen=True)
class SequenceLengths:
    """How many words a step reads, as the authors' code draws it.

    Args:
        mean: The usual number.
        deviation: Standard deviation, 0 in a search; otherwise a number is at least 5
            and at most 4 deviations above the mean.
        halved: Probability with which the mean is halved for a step.
    """

    mean: int = 35
    deviation: int = 0
    halved: float = 0.05

    def draw(self, random: np.random.Generator) -> int:
        """Draws the number of words of a step from a `numpy.random.Generator`."""
        mean = self.mean / 2 if random.random() < self.halved else self.mean
        if not self.deviation:
            return max(1, int(mean))
        return min(max(_LEAST, int(random.normal(mean, self.deviation))), self.longest)

    @property
    def longest(self) -> int:
        """The largest number that is drawn."""
        if not self.deviation:
            return self.mean
        return max(_LEAST, self.mean + _MOST_DEVIATIONS * self.deviation)

    @property
    def buckets(self) -> tuple[int, ...]:
        """Lengths to which the words of a step are padded, ascending."""
        half, deviation = max(1, self.mean // 2), self.deviation
        around = {self.mean - deviation, self.mean, self.mean + deviation}
        buckets = {half + deviation, *around, self.longest}
        return tuple(sorted(b for b in buckets if 1 <= b <= self.longest))


def training_batches(
    streams: np.ndarray,
    lengths: SequenceLengths,
    seed: int,
    epoch: int,
    most_steps: int | None = None,
) -> tf.data.Dataset:
    """One pass over a text, in steps of varying length.

    A last step of one word is left out, as in the authors' code.

    Args:
        streams: int32 array of shape `(streams, words)`, see `batchify`.
        lengths: `SequenceLengths`.
        seed, epoch: Integers.
        most_steps: Largest number of steps, or `None`.

    Returns:
        `tf.data.Dataset` of known cardinality, see the module.
    """
    random = np.random.default_rng((seed, epoch))
    steps, start, num_targets = [], 0, streams.shape[1] - 1
    while start < num_targets - 1 and len(steps) != most_steps:
        length = min(lengths.draw(random), num_targets - start)
        steps.append((start, length))
        start += length
    return _batches(streams, np.array(steps), lengths.buckets, lengths.mean)


def search_batches(
    train: np.ndarray,
    valid: np.ndarray,
    lengths: SequenceLengths,
    seed: int,
    epoch: int,
    most_steps: int | None = None,
) -> tf.data.Dataset:
    """One pass over the training text, beside it the validation text.

    The validation text is read in steps of the usual length, and starts again when it
    ends. The authors' code reads it where it stands in the training text, so that its
    steps overlap after a halved one.

    Args:
        train, valid: Streams, as in `training_batches`.
        lengths, seed, epoch, most_steps: As in `training_batches`.

    Returns:
        `tf.data.Dataset` of pairs of batches, the first of `train`.
    """
    batches = training_batches(train, lengths, seed, epoch, most_steps)
    steps = _equal_steps(valid, lengths.mean)
    order = np.arange(len(batches)) % len(steps)
    beside = _batches(valid, steps[order], (lengths.mean,), lengths.mean)
    return tf.data.Dataset.zip((batches, beside))


def evaluation_batches(streams: np.ndarray, length: int) -> tf.data.Dataset:
    """One pass over a text in steps of one length, but for the last.

    Args:
        streams: As in `training_batches`.
        length: Number of words of a step.

    Returns:
        `tf.data.Dataset` of known cardinality, see the module.
    """
    return _batches(streams, _equal_steps(streams, length), (length,), length)


def text_streams(tokens: np.ndarray, batch_size: int, name: str) -> np.ndarray:
    """Cuts a text as `batchify`, long enough for a step of training.

    Args:
        tokens, batch_size, name: As in `batchify`.

    Raises:
        UserError: If a stream would have less than 3 words.
    """
    if len(tokens) < 3 * batch_size:
        raise UserError(
            f"{name} is too short: it has {len(tokens)} words, and a batch of "
            f"{batch_size} needs at least {3 * batch_size}; give a smaller batch size "
            "or a longer text."
        )
    return batchify(tokens, batch_size, name)


def _equal_steps(streams, length):
    """First word and number of words of each step."""
    starts = np.arange(0, streams.shape[1] - 1, length)
    return np.stack([starts, np.minimum(length, streams.shape[1] - 1 - starts)], axis=1)


def _batches(streams, steps, buckets, usual_length):
    starts, lengths = steps.astype(np.int32).T
    buckets = np.array(buckets, np.int32)
    padded_lengths = buckets[np.searchsorted(buckets, lengths)]
    # The text is padded, because a step also reads what follows its words in the array.
    (padded,) = on_cpu(np.pad(streams, [(0, 0), (0, int(buckets[-1]))]))
    common_length = int(buckets[0]) if len(buckets) == 1 else None

    def cut(start, length, padded_length):
        words = padded[:, start : start + padded_length + 1]
        words = tf.ensure_shape(
            words, [len(streams), common_length and common_length + 1]
        )
        return {
            "tokens": words[:, :-1],
            "targets": words[:, 1:],
            "length": length,
            "starts": start == 0,
            "rate_factor": tf.cast(length / usual_length, tf.float32),
        }

    table = tf.data.Dataset.from_tensor_slices(on_cpu(starts, lengths, padded_lengths))
    return table.map(cut).prefetch(2)
