"""The operations of a search network's edges, and what edges from one state share."""

import copy
import functools
from collections.abc import Callable, Mapping, Sequence

import tensorflow as tf

from darts_tf.autodiff import dual, dual_operations
from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations import elementwise
from darts_tf.convolutional.operations.elementwise import Views
from darts_tf.convolutional.packing import Packing
from darts_tf.convolutional.primitives import get_primitive
from darts_tf.convolutional.primitives.base import NOISE, Primitive, source_views
from darts_tf.convolutional.primitives.unnormalized import Unnormalized
from darts_tf.convolutional.step_noise import normal_like


class EdgeOperations:
    """The primitives on an edge, by what can be shared.

    `shared` have no kernels: every edge from the same state gets the same tensor,
    so that one matrix product with the coefficients serves all edges. `own` have
    kernels or random numbers of their own on every edge. Zeros are in neither.

    Args:
        primitives: Tuple of registered names.
        channels: Integer.
        stride: Integer, 1 or 2.
        normalized_pools: Whether normalizations stand also where a derived network has
            none, as in DARTS after a pool.

    Attributes:
        draws: Whether edges draw random numbers.
        functions: Traced functions of this type, see `edge_functions.made_once`.
    """

    def __init__(
        self,
        primitives: tuple[str, ...],
        channels: int,
        stride: int,
        normalized_pools: bool = True,
    ):
        self.channels, self.stride = channels, stride
        self.functions = {}
        self.shared, self.own = {}, {}
        kernels = {}
        for column, name in enumerate(primitives):
            primitive = get_primitive(name)
            if primitive.is_zero:
                continue
            if not (normalized_pools or primitive.normalized_when_derived):
                primitive = Unnormalized(primitive)
            own = primitive.kernels(channels, stride)
            group = self.own if own or primitive.draws else self.shared
            group[column] = (name, primitive)
            kernels |= {(name, kernel.name): kernel for kernel in own}
        self.packing = Packing(kernels)
        self.draws = any(primitive.draws for _, primitive in self.own.values())

    @functools.cached_property
    def by_form(self) -> tuple["EdgeOperations", "EdgeOperations"]:
        """The same with the primitives alone that take groups, and with the others."""
        return self._only(True), self._only(False)

    def _only(self, takes_groups):
        part = copy.copy(self)
        part.functions = {}
        part.shared, part.own = (
            {
                column: (name, primitive)
                for column, (name, primitive) in group.items()
                if (primitive.takes_groups and primitive.takes_duals) == takes_groups
            }
            for group in (self.shared, self.own)
        )
        part.draws = any(primitive.draws for _, primitive in part.own.values())
        return part

    @property
    def all(self) -> dict:
        """The `shared` and the `own` primitives."""
        return {**self.shared, **self.own}

    @property
    def is_empty(self) -> bool:
        """Whether there is no primitive, or none but zeros."""
        return not self.all

    def shared_views(self, x: tf.Tensor | Dual) -> Views:
        """Computes what primitives without kernels read, see `source_views`."""
        return self._views(self.shared, x)

    def own_views(self, x: tf.Tensor | Dual) -> Views:
        """Computes what primitives with kernels read from state `x`."""
        return self._views(self.own, x)

    def _views(self, group, x):
        names = [view for _, p in group.values() for view in p.views(self.stride)]
        names += ["input" for _, p in group.values() if p.draws]
        return source_views(x, names, self.stride)

    def views_of(self, primitive: Primitive, views: Views) -> Views:
        """Those of the views that a primitive reads."""
        names = (*primitive.views(self.stride), *([NOISE] if primitive.draws else ()))
        return {name: views[name] for name in names}

    def kernels_of(self, name: str, kernels: Mapping) -> dict:
        """Those of the unpacked kernels that are of the primitive `name`."""
        return {key: k for (owner, key), k in kernels.items() if owner == name}

    def normalized_channels(self, primitive: Primitive) -> tuple[int, ...]:
        """Channels of each normalization that a primitive calls."""
        return primitive.normalized_channels(self.channels, self.stride)

    def num_moments(self, num_targets: int) -> int:
        """Number of channels that all edges from one state normalize."""
        return sum(self._moment_sizes(num_targets))

    def split_moments(self, moments: tf.Tensor, num_targets: int) -> list[tf.Tensor]:
        """Splits the statistics in those of what is shared, and of each edge."""
        return tf.split(moments, self._moment_sizes(num_targets), axis=1)

    def _moment_sizes(self, num_targets):
        shared, own = (
            sum(
                sum(self.normalized_channels(primitive))
                for _, primitive in group.values()
            )
            for group in (self.shared, self.own)
        )
        return [shared] + [own] * num_targets

    def stack_shared(self, views: Views, normalize: Callable) -> tf.Tensor | Dual:
        """Computes the primitives without kernels.

        Args:
            views: Dictionary of tensors.
            normalize: Batch normalization.

        Returns:
            Tensor of shape `(shared primitives, elements of an image batch)`.
        """
        results = [
            self._apply(primitive, views, {}, normalize, None)
            for _, primitive in self.shared.values()
        ]
        return stack_flat(results)

    def mix_shared(
        self,
        stacked: tf.Tensor | Dual,
        coefficients: tf.Tensor | Dual,
        shape: Sequence[int],
    ) -> list:
        """Weighs the primitives without kernels, for all edges at once.

        Args:
            stacked: What `stack_shared` returns.
            coefficients: Tensor of shape `(targets, primitives)`.
            shape: Shape of an output, -1 for the batch.

        Returns:
            List with one tensor for each target.
        """
        chosen = elementwise.chosen(coefficients, list(self.shared), axis=1)
        return weighted_sums(chosen, stacked, shape)

    def own_scales(self, coefficients: tf.Tensor | Dual) -> list:
        """What weighs the primitives with kernels, for all edges at once.

        Args:
            coefficients: Tensor of shape `(targets, primitives)`.

        Returns:
            List with a tensor for each target, of shape `(own primitives, channels)`.
        """
        chosen = elementwise.chosen(coefficients, list(self.own), axis=1)
        # The coefficients are spread over the channels here, once for all edges,
        # because each normalization would do it again.
        return dual_operations.unstack(_over_channels(chosen, self.channels))

    def mix_own(
        self,
        views: Views,
        kernels: Mapping,
        scales: tf.Tensor | Dual,
        normalize: Callable,
        noise: tf.Tensor | tuple[()] = (),
    ) -> tf.Tensor | Dual:
        """Weighs the primitives with kernels, on one edge.

        Args:
            views: Dictionary of tensors.
            kernels: Dictionary of tensors by (primitive, name).
            scales: One of the list that `own_scales` returns.
            normalize: Batch normalization.
            noise: See `with_noise`.
        """
        views = self.with_noise(views, noise)
        return dual_operations.add_n(
            [
                self._apply(
                    primitive,
                    views,
                    self.kernels_of(name, kernels),
                    normalize,
                    scale,
                )
                for (name, primitive), scale in zip(
                    self.own.values(), dual_operations.unstack(scales)
                )
            ]
        )

    def with_noise(self, views: Views, noise: tf.Tensor | tuple[()]) -> Views:
        """Adds what primitives draw on one edge to the views.

        Args:
            views: Dictionary of tensors.
            noise: That of the edge, see `step_noise`, or `()` if nothing draws.
        """
        if not self.draws:
            return views
        x = dual.value(views["input"])
        return {**views, NOISE: normal_like(noise, x, self.stride)}

    def _apply(self, primitive, views, kernels, normalize, scale):
        views = self.views_of(primitive, views)

        def call(views, kernels, scale):
            return primitive(views, kernels, normalize, self.stride, scale)

        if primitive.takes_duals:
            return call(views, kernels, scale)
        return dual.forward(call, views, kernels, scale)


@dual.linear
def stack_flat(results: Sequence[tf.Tensor]) -> tf.Tensor | Dual:
    """Stacks tensors of one size, each as a row."""
    return tf.stack([tf.reshape(x, [-1]) for x in results])


def weighted_sums(
    coefficients: tf.Tensor | Dual, stacked: tf.Tensor | Dual, shape: Sequence[int]
) -> list:
    """Returns several weighted sums of the same tensors, by one matrix product.

    Args:
        coefficients: Shape `(sums, tensors)`.
        stacked: The tensors, as `stack_flat` gives them.
        shape: Shape of each, -1 for the batch.
    """
    sums = dual_operations.reshape(
        _product(coefficients, stacked), [coefficients.shape[0], *shape]
    )
    return dual_operations.unstack(sums)


@dual.bilinear
def _product(coefficients, stacked, constant=False):
    return tf.matmul(coefficients, stacked)


@dual.linear
def _over_channels(coefficients, channels):
    return tf.broadcast_to(coefficients[..., None], [*coefficients.shape, channels])


def make_edge_types(normalized_pools: bool = True) -> Callable:
    """Returns a function that makes the `EdgeOperations` of each type of edge once.

    A network has one for all its cells, so that edges of one type share what TensorFlow
    traces. It is forgotten with the network.

    Args:
        normalized_pools: See `EdgeOperations`.
    """
    return functools.cache(
        functools.partial(EdgeOperations, normalized_pools=normalized_pools)
    )
