"""Several ways in which mixed operations stand on the edges, one inside the other."""

import dataclasses
import functools
import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.method.slots import (
    PACKAGE,
    Arrays,
    Edge,
    Parameter,
    Progress,
    Values,
)
from darts_tf.space.cell_space import CellSpace


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class NestedEdges(Edge):
    """Edges around the layers of others.

    Args:
        edges: The `Edge`s, the innermost first, which gets the mixed operation. The
            states of the nodes are made by the outermost.
    """

    edges: tuple[Edge, ...] = ()

    @property
    def takes_duals(self) -> bool:
        return all(edge.takes_duals for edge in self.edges)

    @property
    def draws(self) -> bool:
        return any(edge.draws for edge in self.edges)

    def parameters(self, space: CellSpace) -> dict[str, Parameter]:
        return _joined(edge.parameters(space) for edge in self.edges)

    def draw(self, space: CellSpace, seed: tf.Tensor, progress: Progress) -> list[Any]:
        drawn = []
        for index, edge in enumerate(self.edges):
            key = tf.random.experimental.stateless_fold_in(seed, index)
            drawn.append(edge.draw(space, key, progress) if edge.draws else None)
        return drawn

    def settled(self, space: CellSpace, progress: Progress) -> list[Any]:
        return [edge.settled(space, progress) for edge in self.edges]

    def layer(
        self,
        mixed_op: keras.Layer,
        channels: int,
        stride: int,
        num_targets: int,
        **arguments: Any,
    ) -> keras.Layer:
        name, layer = arguments.pop("name"), mixed_op
        for index, edge in enumerate(self.edges):
            own = {**arguments, "name": f"{name}_{index}"}
            layer = edge.layer(layer, channels, stride, num_targets, **own)
        return layer

    def state(self, outputs: Sequence[Any]) -> tf.Tensor | Dual:
        return self.edges[-1].state(outputs)

    def coefficients(
        self, space: CellSpace, values: Values, drawn: Any = None
    ) -> dict[str, tf.Tensor]:
        drawn = drawn or [None] * len(self.edges)
        return _joined(
            edge.coefficients(space, values, own)
            for edge, own in zip(self.edges, drawn)
        )

    def strengths(self, space: CellSpace, arrays: Arrays) -> np.ndarray | float:
        factors = [edge.strengths(space, arrays) for edge in self.edges]
        return functools.reduce(np.multiply, factors)

    def soft_strengths(self, space: CellSpace, values: Values) -> tf.Tensor | float:
        return math.prod(edge.soft_strengths(space, values) for edge in self.edges)

    def get_config(self):
        return {"edges": [*map(keras.saving.serialize_keras_object, self.edges)]}

    @classmethod
    def from_config(cls, config):
        edges = map(keras.saving.deserialize_keras_object, config["edges"])
        return cls(tuple(edges))


def _joined(dictionaries):
    return functools.reduce(lambda first, second: {**first, **second}, dictionaries, {})
