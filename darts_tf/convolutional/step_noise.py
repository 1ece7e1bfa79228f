"""Random numbers of primitives, all of which follow from one seed of a pass.

Passes that take the same seed see the same numbers, whatever else differs: so all
passes over a batch within a step of the search are those of one function.

Noise is what `batch_draws.seed_of_replica` returns, or a part of that.
"""

import tensorflow as tf

from darts_tf.distribution.batch_draws import drawn_part

# Other generators give other numbers where XLA compiles.
_GENERATOR = "philox"


def parts(noise: tf.Tensor, count: int) -> list[tf.Tensor]:
    """Returns a list of noises that do not depend on each other."""
    seeds = tf.random.stateless_uniform(
        [count, 2], noise[:2], minval=None, maxval=None, dtype=tf.int64, alg=_GENERATOR
    )
    replica = tf.tile(noise[None, 2:], [count, 1])
    return tf.unstack(tf.concat([seeds, replica], 1))


def normal_like(noise: tf.Tensor, x: tf.Tensor, stride: int = 1) -> tf.Tensor:
    """Draws standard normal values in the shape of every `stride`-th pixel.

    Args:
        noise: Integer tensor of shape `(3,)`.
        x: Tensor of shape `(batch, height, width, channels)`, read for its shape and
            dtype alone.
        stride: 1 or 2.
    """
    batch, (_, height, width, channels) = tf.shape(x)[0], x.shape
    sides = [-(-side // stride) for side in (height, width)]

    def draw(shape):
        return tf.random.stateless_normal(
            shape, noise[:2], dtype=x.dtype, alg=_GENERATOR
        )

    return drawn_part(draw, [batch, *sides, channels], lambda: noise[2])
