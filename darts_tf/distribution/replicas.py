"""The replicas of a distribution strategy, and sums over them.

Under `tf.distribute.MirroredStrategy` every device, a replica, holds all variables and
runs the same step on its part of the global batch. With the loss L of the global
batch, a mean over it, replica r has the share L_r of L, and L is the sum of the shares:
Keras' losses divide the mean over a replica's part by the number of replicas. All
that the step needs is therefore a sum over the replicas as well:

    grad L = sum_r grad L_r,
    d/dalpha [ grad_w L . v ] = sum_r d/dalpha [ grad_w L_r . v ],

with the v of the global batch, and with grad_w L_r as the replica has it, before the
sum: grad_w L instead would count every replica once for each.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf


class Replicas:
    """All replicas of the strategy in whose scope this object is made.

    Without a strategy, and with one replica, every method is what one device does.
    The methods from `part` on are called in the function that the strategy runs on each
    replica, and not from a function within that TensorFlow traces by itself: no
    collective operation may stand there.

    Attributes:
        strategy: The strategy.
        count: Number of replicas.
    """

    def __init__(self):
        self.strategy = tf.distribute.get_strategy()
        self.count = self.strategy.num_replicas_in_sync

    def own_variable(
        self, shape: Sequence[int], dtype: str, name: str
    ) -> keras.Variable:
        """Makes a variable of zeros, whose value each replica sets for itself."""
        return keras.Variable(
            "zeros",
            shape,
            dtype,
            trainable=False,
            synchronization="on_read",
            aggregation="only_first_replica",
            name=name,
        )

    def run(self, step: Callable[[Any], Any], batch: Any) -> Any:
        """Runs a step on every replica, each with the whole batch.

        Returns:
            What the first replica returns.
        """
        return tf.nest.map_structure(
            lambda x: self.strategy.experimental_local_results(x)[0],
            self.strategy.run(step, (batch,)),
        )

    def part(self, x: tf.Tensor) -> tf.Tensor:
        """The rows of a tensor of the whole batch that are this replica's."""
        if self.count == 1:
            return x
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        return tf.stack(tf.split(x, self.count))[replica]

    def total(self, structure: Any) -> Any:
        """Sums tensors in a nested structure over all replicas."""
        if self.count == 1:
            return structure
        context = tf.distribute.get_replica_context()
        return context.all_reduce(tf.distribute.ReduceOp.SUM, structure)

    def mean(self, structure: Any) -> Any:
        """As `total`, but the mean; integers must be the same on all, and stay."""
        if self.count == 1:
            return structure
        tensors = tf.nest.flatten(structure)
        totals = iter(self.total([x for x in tensors if x.dtype.is_floating]))
        means = [
            next(totals) / self.count if x.dtype.is_floating else x for x in tensors
        ]
        return tf.nest.pack_sequence_as(structure, means)

    def apply(
        self,
        optimizer: keras.optimizers.Optimizer,
        gradients: Sequence[tf.Tensor],
        variables: Sequence[keras.Variable],
    ) -> None:
        """Takes a step of a built Keras optimizer with gradients that are totals.

        `optimizer.apply` on a replica would sum them once more. With several replicas
        only the optimizer's own rule is applied, its `update_step`.
        """
        if self.count == 1:
            optimizer.apply(gradients, variables)
            return

        def step(variable, gradient, learning_rate):
            optimizer.update_step(gradient, variable, learning_rate)

        def update(strategy, gradients):
            rate = tf.convert_to_tensor(optimizer.learning_rate)
            for gradient, variable in zip(gradients, variables):
                strategy.extended.update(
                    variable.value, step, args=(gradient, rate), group=False
                )
            optimizer.iterations.assign_add(1)

        tf.distribute.get_replica_context().merge_call(update, args=(gradients,))

    def assign(
        self, variables: Sequence[keras.Variable], values: Sequence[tf.Tensor]
    ) -> None:
        """Sets Keras variables to values that are the same on all replicas."""
        if self.count == 1:
            for variable, value in zip(variables, values):
                variable.assign(value)
            return

        def update(strategy, values):
            for variable, value in zip(variables, values):
                strategy.extended.update(
                    variable.value,
                    lambda v, value: v.assign(value),
                    (value,),
                    group=False,
                )

        tf.distribute.get_replica_context().merge_call(update, args=(values,))
