"""The perplexity of a text under a language model."""

import math

import numpy as np
import tensorflow as tf

from darts_tf.data.text.corpus import batchify
from darts_tf.data.text.text_batches import evaluation_batches
from darts_tf.recurrent.language_network import LanguageNetwork
from darts_tf.recurrent.language_output import cross_entropy


def perplexity(loss: float) -> float:
    """Returns the exponential of a mean negative log-likelihood in nats."""
    return math.exp(loss) if loss < 700 else math.inf


class TextEvaluation:
    """Evaluates texts with carried hidden state.

    Args:
        network: Built `LanguageNetwork`, with its weights as they are at each call.
        length: Number of words that are computed at a time; the results are the same
            but for rounding.
    """

    def __init__(self, network: LanguageNetwork, length: int):
        self.network, self.length = network, length
        self._step = tf.function(self._untraced_step, autograph=False)

    def mean_loss(
        self, tokens: np.ndarray, batch_size: int, name: str = "The text"
    ) -> float:
        """Computes the mean negative log-likelihood of the words, in nats.

        The first word of each stream is only read. The authors' code counts it among
        the words by which it divides.

        Args:
            tokens: Array of shape `(words,)`.
            batch_size: Number of streams that the text is cut into.
            name: What an error calls the text.

        Raises:
            UserError: If the text is shorter than a batch.
        """
        streams = batchify(tokens, batch_size, name)
        state = self.network.get_initial_state(batch_size)
        total = 0.0
        for batch in evaluation_batches(streams, self.length):
            loss, state = self._step(batch, state)
            total += float(loss) * int(batch["length"])
        return total / (streams.shape[1] - 1)

    def _untraced_step(self, batch, state):
        inputs = {key: batch[key] for key in ("tokens", "targets", "length")}
        output = self.network({**inputs, "state": state})
        return cross_entropy(None, output, batch["length"]), output.state
