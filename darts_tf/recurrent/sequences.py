"""Words as vectors, the loop over them, and the state after the last of them."""

from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.autodiff.dual_operations import scaled


@dual.linear
def embed(
    embedding: tf.Tensor | dual.Dual,
    tokens: tf.Tensor,
    masks: Mapping[str, tf.Tensor],
    dtype: str,
) -> tf.Tensor | dual.Dual:
    """Embeds words, and drops what the masks `words` and `embedded` say.

    Args:
        embedding: Tensor of shape `(vocabulary, units)`.
        tokens: Integer tensor of shape `(batch, time)`.
        masks: Dictionary, see `dropout`.
        dtype: Of the result.

    Returns:
        Tensor of shape `(batch, time, units)`.
    """
    embedded = tf.cast(tf.gather(embedding, tokens), dtype)
    if "words" in masks:
        embedded *= tf.gather(masks["words"], tokens)
    return scaled(embedded, masks.get("embedded"))


def over_time(
    step: Callable[[Any, Any], Any], inputs: tf.Tensor | dual.Dual, state: Any
) -> Any:
    """Computes the states after each word, by a loop in the graph.

    Args:
        step: Function of the state before a word and of its input, of shape
            `(batch, features)`, that returns the state after it.
        inputs: Tensor of shape `(batch, time, features)`, or `Dual`.
        state: State before the first word, of shape `(batch, units)`, or a nested tuple
            of such tensors; `Dual` if the inputs are.

    Returns:
        The states, each part of shape `(batch, time, units)`.
    """
    words = _by_time(inputs)
    if not isinstance(words, dual.Dual):
        return tf.nest.map_structure(_by_time, tf.scan(step, words, state))

    def step_of_parts(state, inputs):
        state = step(dual.Dual(*state), dual.Dual(*inputs))
        return state.value, state.tangent

    states = tf.scan(
        step_of_parts, (words.value, words.tangent), (state.value, state.tangent)
    )
    return _by_time(dual.Dual(*states))


@dual.linear
def _by_time(x):
    """Exchanges the axes of texts and of words."""
    return tf.transpose(x, [1, 0, 2])


@dual.linear
def state_after(
    hidden: tf.Tensor | dual.Dual, length: tf.Tensor | int | None
) -> tf.Tensor | dual.Dual:
    """Returns the state after so many words, or after all of them.

    Args:
        hidden: States after each word, shape `(batch, time, units)`.
        length: Number of words, or `None`.
    """
    return hidden[:, -1 if length is None else length - 1]
