"""Noise in place of an operation, of the spaces that show a search's collapse."""

from darts_tf.autodiff import dual
from darts_tf.autodiff.dual_operations import scaled
from darts_tf.convolutional.primitives.base import NOISE, Primitive
from darts_tf.convolutional.primitives.registry import register_primitive


class Noise(Primitive):
    """Standard normal values, which carry nothing (RobustDARTS, arXiv 1909.09656).

    They are new at each pass, in evaluation too, and other ones on each edge; within a
    step of the search all passes over the same batch see the same. No normalization
    follows, and the state that they replace has no gradient.
    """

    draws = True
    takes_duals = True

    def __call__(self, views, kernels, normalize, stride, scale):
        y = scaled(views[NOISE], scale)
        _, y = dual.all_or_none([views["input"], y])
        return y


register_primitive("noise", Noise())
