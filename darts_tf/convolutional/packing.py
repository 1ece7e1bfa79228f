"""Many small kernels in one vector, by name.

A search network has some 1,400 kernels. As that many variables they slow every
optimizer step and every traced function, so the kernels of an edge are packed into
one vector. This module is the only place that knows the layout.
"""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from darts_tf.autodiff.dual import linear


@dataclasses.dataclass(frozen=True)
class Kernel:
    """One kernel of a primitive.

    Attributes:
        name: Unique within its primitive.
        shape: `(in, out)` for a pointwise, `(rows, columns, in, out)` for a full,
            `(rows, columns, channels, 1)` for a depthwise convolution.
        fan_in: Number of inputs of one output; initial weights are uniform within
            `1 / sqrt(fan_in)`.
    """

    name: str
    shape: tuple[int, ...]
    fan_in: int

    @property
    def size(self) -> int:
        return math.prod(self.shape)


class Packing:
    """Order of kernels in a vector.

    Args:
        kernels: Dictionary of `Kernel` by key, for instance by (primitive, name).
    """

    def __init__(self, kernels: Mapping[Any, "Kernel"]):
        self.kernels = dict(kernels)
        self.size = sum(kernel.size for kernel in self.kernels.values())

    @linear
    def unpack(self, vector: Any) -> dict:
        """Splits a tensor or array of shape `(size,)` into a dictionary by key.

        One of shape `(edges, size)` becomes kernels with the edges in front.
        """
        if not self.kernels:
            return {}
        sizes = [kernel.size for kernel in self.kernels.values()]
        edges, last = vector.shape[:-1], len(vector.shape) - 1
        if isinstance(vector, np.ndarray):
            parts = np.split(vector, np.cumsum(sizes)[:-1], axis=last)
            reshape = np.reshape
        else:
            parts, reshape = tf.split(vector, sizes, axis=last), tf.reshape
        return {
            key: reshape(part, (*edges, *kernel.shape))
            for part, (key, kernel) in zip(parts, self.kernels.items())
        }

    def pack(self, arrays: Mapping) -> np.ndarray:
        """Joins a dictionary of arrays by key to one of shape `(size,)`.

        Raises:
            ValueError: If the keys or a shape differ from the packing's.
        """
        if arrays.keys() != self.kernels.keys():
            raise ValueError(
                "Received invalid kernels, expected exactly "
                f"{sorted(self.kernels)}. Received: {sorted(arrays)}."
            )
        for key, kernel in self.kernels.items():
            if arrays[key].shape != kernel.shape:
                raise ValueError(
                    f"Received a kernel of invalid shape for {key}, expected "
                    f"{kernel.shape}. Received: {arrays[key].shape}."
                )
        parts = [np.ravel(arrays[key]) for key in self.kernels]
        return np.concatenate(parts) if parts else np.zeros([0])

    def initial_bounds(self) -> np.ndarray:
        """Bound of the uniform initial value of each element, shape `(size,)`."""
        return np.concatenate(
            [np.zeros([0])]
            + [np.full(k.size, 1 / math.sqrt(k.fan_in)) for k in self.kernels.values()]
        )


@keras.saving.register_keras_serializable("darts_tf")
class BoundedUniform(keras.initializers.Initializer):
    """Uniform within `-bounds` and `bounds`, one bound for each column."""

    def __init__(self, bounds: Any, seed: int | None = None):
        self.bounds = np.asarray(bounds)
        self.unit = keras.initializers.RandomUniform(-1.0, 1.0, seed)

    def __call__(self, shape, dtype=None):
        unit = self.unit(shape, dtype)
        return unit * tf.cast(self.bounds, unit.dtype)

    def get_config(self):
        return {"bounds": self.bounds.tolist(), "seed": self.unit.get_config()["seed"]}


def fan_in_uniform(fan_in: int) -> keras.initializers.Initializer:
    """Initializer of a single kernel or bias: uniform within 1 / sqrt(fan_in)."""
    bound = 1 / math.sqrt(fan_in)
    return keras.initializers.RandomUniform(-bound, bound)
