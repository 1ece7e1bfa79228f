"""Stages of a search in which edges keep their strongest operations.

P-DARTS (arXiv 1904.12760) goes on with a deeper network that knows nothing of the one
before. DrNAS (arXiv 2006.10355) goes on with the same network, in which the operations
get a larger part of the channels.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from darts_tf.convolutional.carried_weights import CarriedWeights
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.errors import invalid_value
from darts_tf.keras_private import adam_moments
from darts_tf.method.schedule import Stage
from darts_tf.method.slots import PACKAGE, Edge
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.search_space import SearchSpace


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class FewerOperations(Stage):
    """A stage of the strongest operations of each edge, in a network of other sizes.

    Alpha has a column less for each operation that is left out. Where the coefficients
    are a Dirichlet draw, the authors draw for all operations, those left out with
    concentration 1, and divide the draws of the others by their sum. That is
    distributed as a draw for the others alone, which is what is made here.

    Args:
        first_epoch: See `Stage`.
        operations: Number of operations on each edge, of which `none` may be one, or
            `None` for all that there are.
        num_cells: Number of cells in DARTS' skeleton, or `None` for those before.
        edge: `Edge` of the stage, or `None` for that before.
        carries: Whether weights, alpha and what the optimizers keep are carried over.
            Where `edge` gives the operations more channels, these begin as copies of
            others, drawn at random. Otherwise all begins anew.
        seed: Of new weights and of the channels that are copied.

    Raises:
        ValueError: If the weights cannot be carried over, since the cells are others.
    """

    operations: int | None = None
    num_cells: int | None = None
    edge: Edge | None = None
    carries: bool = True
    seed: int = 0

    def __post_init__(self):
        if self.carries and self.num_cells is not None:
            expected = "`None` where weights are carried over"
            raise invalid_value("num_cells", expected, self.num_cells)

    def changed(self, network: SearchNetwork) -> SearchNetwork:
        space = self._space(network)
        new = self.rebuilt(network, space)
        if self.carries:
            _carry_network(self._carried(network, new))
        return new

    def rebuilt(self, network: SearchNetwork, space: SearchSpace) -> SearchNetwork:
        method = network.method
        if self.edge is not None:
            method = dataclasses.replace(method, edge=self.edge)
        config = network.get_config() | {
            "space": space.to_dict(),
            "method": keras.saving.serialize_keras_object(method),
        }
        config.pop("name")
        if self.num_cells is not None:
            if "skeleton" in config:
                expected = "`None` for a network of a skeleton of its own"
                raise invalid_value("num_cells", expected, self.num_cells)
            config |= {"num_cells": self.num_cells, "reductions": None}
        keras.utils.set_random_seed(self._seed(0))
        new = type(network).from_config(config)
        new.build(network.get_build_config()["input_shape"])
        return new

    def carry(self, before: keras.Model, after: keras.Model) -> None:
        """Carries over what the optimizers of a search keep, or the steps of w alone.

        Args:
            before: `SearchModel` with `MomentumSGD` for w and Adam for alpha.
            after: The same of the network which `changed` returned.
        """
        after.optimizer.iterations.assign(before.optimizer.iterations)
        if not self.carries:
            return
        carried = self._carried(before.network, after.network)
        _carry_momentum(carried, before.optimizer, after.optimizer)
        adams = before.architecture_optimizer, after.architecture_optimizer
        _carry_moments(carried, *adams)
        if after.loss_scale:
            pairs = zip(before.loss_scale.variables, after.loss_scale.variables)
            for old, new in pairs:
                new.assign(old)

    def _space(self, network):
        if self.operations is None:
            return network.space
        strengths = network.architecture.strengths()
        return network.space.with_operations(
            {
                cell.kind: strongest(cell, strengths[cell.kind], self.operations)
                for cell in network.space.cells
            }
        )

    def _carried(self, old, new):
        random = np.random.default_rng(self._seed(1))
        return CarriedWeights(
            old, new, lambda side, size, count: random.integers(size, size=count)
        )

    def _seed(self, role):
        """An integer for each stage and role that has nothing to do with others."""
        sequence = np.random.SeedSequence([self.seed, self.first_epoch, role])
        return int(sequence.generate_state(1)[0])

    def get_config(self) -> dict[str, Any]:
        edge = self.edge and keras.saving.serialize_keras_object(self.edge)
        return {**super().get_config(), "edge": edge}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "FewerOperations":
        edge = config["edge"] and keras.saving.deserialize_keras_object(config["edge"])
        return cls(**{**config, "edge": edge})


def strongest(
    space: CellSpace, strengths: np.ndarray, count: int
) -> tuple[tuple[str, ...], ...]:
    """Returns the strongest operations of each edge, in the order of the space.

    Args:
        space: The space of a cell.
        strengths: Strengths of the operations, of shape `space.alpha_shape`.
        count: Number of operations that an edge keeps.

    Returns:
        Their names, a tuple for each row; of equals the first ones.

    Raises:
        ValueError: If there are fewer.
    """
    if count > space.alpha_shape[1]:
        expected = f"a number up to {space.alpha_shape[1]}, those that an edge has"
        raise invalid_value("operations", expected, count)
    order = np.argsort(-np.asarray(strengths), axis=1, kind="stable")
    return tuple(
        tuple(space.operations_of(row)[column] for column in sorted(columns))
        for row, columns in enumerate(order[:, :count])
    )


def _carry_network(carried):
    old, new = carried.old, carried.new
    alphas = carried.alphas([alpha.numpy() for alpha in old.alphas])
    for variable, value in zip(new.alphas, alphas, strict=True):
        variable.assign(value)
    values = {id(v): v.numpy() for v in old.variables}
    _assign(new.variables, carried.others(values))


def _carry_momentum(carried, before, after):
    old, new = carried.old.weights_w, carried.new.weights_w
    buffers = {id(v): x.numpy() for v, x in zip(old, before.buffers, strict=True)}
    values = carried.others(buffers)
    for variable, buffer in zip(new, after.buffers, strict=True):
        buffer.assign(values[id(variable)])


def _carry_moments(carried, before, after):
    after.iterations.assign(before.iterations)
    count = range(len(carried.old.alphas))
    of_old = zip(*(adam_moments(before, index) for index in count))
    of_new = zip(*(adam_moments(after, index) for index in count))
    for old, new in zip(of_old, of_new):
        values = carried.alphas([moment.numpy() for moment in old])
        for moment, value in zip(new, values, strict=True):
            moment.assign(value)


def _assign(variables, values):
    for variable in variables:
        if id(variable) in values:
            variable.assign(values[id(variable)])
