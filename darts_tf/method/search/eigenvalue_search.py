"""The part of a search that takes the curvature of its validation loss."""

import functools
import math
from typing import Any

import tensorflow as tf

from darts_tf.autodiff.custom_gradients import forgettable
from darts_tf.autodiff.tracing_speed import opaque_calls
from darts_tf.cpython_private import with_room_for_frames
from darts_tf.method.eigenvalue import (
    MOST_PRODUCTS,
    TOLERANCE,
    Eigenvalue,
    lanczos,
)


class EigenvalueSearch:
    """Mixin of searches that give an eigenvalue, see `ArchitectureSearch`."""

    def eigenvalue(
        self,
        valid_batch: Any,
        seed: int = 0,
        tolerance: float = TOLERANCE,
        most_products: int = MOST_PRODUCTS,
    ) -> Eigenvalue:
        """Largest eigenvalue of the Hessian of the validation loss in the architecture.

        The Hessian is that at the weights as they are, with the decay of the
        architecture on its diagonal and without the method's terms; a relaxation that
        draws is taken as in an evaluation. Nothing is changed. The graph of a
        product is traced by the first call.

        Args:
            valid_batch: Half of what a step of `fit` takes, the whole batch on each
                replica.
            seed, tolerance, most_products: See `lanczos`.

        Returns:
            The `Eigenvalue`.
        """
        decay = getattr(self.architecture_optimizer, "coupled_weight_decay", 0.0)
        dtype = self.network.alphas[0].dtype

        def product(vector):
            image = self._traced_product(valid_batch, tf.constant(vector, dtype))
            return image.numpy() + decay * vector

        size = sum(math.prod(alpha.shape) for alpha in self.network.alphas)
        return lanczos(product, size, seed, tolerance, most_products)

    @functools.cached_property
    def _traced_product(self):
        on_replica = with_room_for_frames(forgettable(opaque_calls(self._product)))

        @functools.partial(tf.function, autograph=False)
        def product(valid_batch, vector):
            return self.replicas.run(on_replica, (valid_batch, vector))

        return product

    def _product(self, batch_and_vector):
        """The Hessian of the validation loss in the architecture times a vector."""
        valid_batch, vector = batch_and_vector
        w, alpha = self._values()
        sizes = [math.prod(x.shape) for x in alpha]
        v = [
            tf.reshape(part, x.shape) for part, x in zip(tf.split(vector, sizes), alpha)
        ]
        objective = self.network_loss.on_batch(*self._validation_batch(valid_batch))
        along, _ = objective.alpha_product(w, alpha, v)
        return tf.concat([tf.reshape(x, [-1]) for x in along], axis=0)

    def _validation_batch(self, batch):
        """Arguments of `NetworkLoss.on_batch`, of this replica's part of a batch."""
        raise NotImplementedError
