"""Which kernels of a search network have overfitted, and stand still (OLES)."""

import contextlib
import math
from collections.abc import Iterator, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from darts_tf.convolutional.edges.edge_layer import innermost
from darts_tf.convolutional.mixed_op import MixedOp
from darts_tf.convolutional.packing import Kernel, Packing
from darts_tf.convolutional.search_cell import SearchCell
from darts_tf.distribution.replicas import Replicas
from darts_tf.method.architecture_gradient import Tensors
from darts_tf.method.freezing import SUM, Freezing


class KernelFreezing:
    """The kernels of a network by operation, and which of them stand still.

    An operation is one of a cell, an edge and a primitive that has kernels; they are
    counted in this order.

    Args:
        network: Built `SearchNetwork`.
        rule: `Freezing`.

    Attributes:
        frozen: Variable of shape `(operations,)`, 1 where kernels stand still.
        sums: Variable of the same shape, the sums of cosines.
        count: Variable, the number of steps summed.
    """

    def __init__(self, network: keras.Model, rule: Freezing):
        self.rule, self._groups = rule, []
        places = {id(variable): i for i, variable in enumerate(network.weights_w)}
        for mixed_op in _mixed_ops(network):
            if mixed_op.kernels.shape[1]:
                place = places[id(mixed_op.kernels)]
                self._groups.append(_Group(mixed_op, place))
        self._sizes = [group.num_operations for group in self._groups]
        self.frozen, self.sums, self.count = (
            keras.Variable(np.zeros(shape), dtype="float32", trainable=False, name=name)
            for name, shape in (
                ("frozen", [sum(self._sizes)]),
                ("cosine_sums", [sum(self._sizes)]),
                ("cosine_steps", []),
            )
        )

    @property
    def variables(self) -> list[keras.Variable]:
        """What belongs to a checkpoint."""
        return [self.frozen, self.sums, self.count]

    def free(self, tensors: Tensors) -> list[tf.Tensor]:
        """Returns tensors in the shapes of w with zeros for what stands still."""
        tensors = list(tensors)
        for group, mask in self._masks():
            x = tensors[group.place]
            tensors[group.place] = tf.where(mask, tf.zeros_like(x), x)
        return tensors

    @contextlib.contextmanager
    def held(self, optimizer: Any, replicas: Replicas) -> Iterator[None]:
        """Within, a step moves neither the kernels that stand still nor their momentum.

        Args:
            optimizer: `MomentumSGD` of w.
            replicas: `Replicas`, which take the step together.
        """
        moved = [
            (variable, mask)
            for group, mask in self._masks()
            for variable in (group.kernels, optimizer.buffers[group.place])
        ]
        before = [tf.identity(variable) for variable, _ in moved]
        yield
        values = [
            tf.where(mask, old, tf.convert_to_tensor(variable))
            for (variable, mask), old in zip(moved, before)
        ]
        replicas.assign([variable for variable, _ in moved], values)

    def _masks(self):
        """Pairs of a group and of where its packed kernels stand still."""
        parts = tf.split(tf.convert_to_tensor(self.frozen), self._sizes)
        return [(x, x.spread(part) > 0) for x, part in zip(self._groups, parts)]

    def cosines(self, train: Tensors, valid: Tensors) -> tf.Tensor:
        """Returns the cosine of two gradients for each operation.

        That of a kernel is taken along its outputs, and is the mean over all else; that
        of an operation is the mean over its kernels. A vector of zeros has a cosine of
        0 with all.

        Args:
            train, valid: Lists of tensors in the shapes of w.
        """
        parts = [x.cosines(train[x.place], valid[x.place]) for x in self._groups]
        return tf.cast(tf.concat(parts, axis=0), tf.float32)

    def update(self, train: Tensors, valid: Tensors, replicas: Replicas) -> None:
        """Adds the cosines of a step, and freezes what has overfitted when it is due.

        Args:
            train, valid: Gradients of the two losses in w.
            replicas: `Replicas`, on all of which the gradients are the same.
        """
        frozen, sums, count = map(tf.convert_to_tensor, self.variables)
        if self.rule.measure == SUM:
            valid = [t + v for t, v in zip(train, valid)]
        sums += self.cosines(train, valid)
        is_due = count >= self.rule.steps
        overfits = is_due & (sums / self.rule.steps < self.rule.threshold)
        values = [
            tf.where(overfits, tf.ones_like(frozen), frozen),
            tf.where(is_due, tf.zeros_like(sums), sums),
            tf.where(is_due, 0.0, count + 1),
        ]
        replicas.assign(self.variables, values)


class _Group:
    """The operations of all edges from one state.

    Attributes:
        kernels: The packed kernels, shape `(edges, size)`.
        place: Their place in w.
        num_operations: Number of operations.
    """

    def __init__(self, mixed_op: MixedOp, place: int):
        self.kernels, self.place = mixed_op.kernels, place
        packing = mixed_op.edge_type.packing
        names = list(dict.fromkeys(primitive for primitive, _ in packing.kernels))
        self._names, self._num_edges = names, mixed_op.num_targets
        self.num_operations = len(names) * mixed_op.num_targets
        self._operation_of = np.concatenate(
            [
                np.full(kernel.size, names.index(primitive))
                for (primitive, _), kernel in packing.kernels.items()
            ]
        )
        self._vectors, self._shares = self._layout(packing)

    def _layout(self, packing: Packing) -> tuple[np.ndarray, np.ndarray]:
        """The vector of which each packed number is an element, and vectors' weights.

        Returns:
            Tuple of integers of shape `(size,)` and of an array `(operations, vectors)`
            that takes the means.
        """
        vectors, shares, first = [], [], 0
        owners = [primitive for primitive, _ in packing.kernels]
        for (primitive, _), kernel in packing.kernels.items():
            of_kernel = _vectors(kernel)
            count = int(of_kernel.max()) + 1
            vectors.append(of_kernel + first)
            share = np.zeros([len(self._names), count])
            share[self._names.index(primitive)] = 1 / count / owners.count(primitive)
            shares.append(share)
            first += count
        return np.concatenate(vectors), np.concatenate(shares, axis=1)

    def spread(self, values: tf.Tensor) -> tf.Tensor:
        """Brings numbers of the operations to the shape of the packed kernels."""
        matrix = tf.reshape(values, [self._num_edges, len(self._names)])
        return tf.gather(matrix, self._operation_of, axis=1)

    def cosines(self, first: tf.Tensor, second: tf.Tensor) -> tf.Tensor:
        """The cosine of two packed gradients for each operation."""
        products = tf.stack([first * second, first * first, second * second])
        sums = tf.math.unsorted_segment_sum(
            tf.transpose(products, [2, 0, 1]), self._vectors, self._shares.shape[1]
        )
        dots, norms, others = tf.unstack(sums, axis=1)
        cosines = tf.math.divide_no_nan(dots, tf.sqrt(norms) * tf.sqrt(others))
        shares = tf.constant(self._shares, cosines.dtype)
        return tf.reshape(tf.transpose(shares @ cosines), [-1])


def _vectors(kernel: Kernel) -> np.ndarray:
    """For each number of a flat kernel the vector along the outputs that it is in."""
    *inner, channels, last = kernel.shape
    is_depthwise = len(inner) == 2 and last == 1
    shape = inner if is_depthwise else [*inner, channels]
    vectors = np.arange(math.prod(shape)).reshape(shape)[..., None]
    return np.broadcast_to(vectors, [*shape, kernel.size // vectors.size]).ravel()


def _mixed_ops(network: keras.Model) -> Sequence[MixedOp]:
    """All mixed operations, without what stands beside them on their edges."""
    return [
        innermost(layer)
        for cell in network.cells
        if isinstance(cell, SearchCell)
        for layer in cell.mixed_ops
    ]
