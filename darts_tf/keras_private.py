"""What this project needs of Keras that has no public name.

Nothing else in the package uses a private name of Keras. All was tried with Keras 3.15;
`tests/test_keras_private.py` has a test for each name, which fails where a release
lacks it or gives it another meaning.
"""

from collections.abc import Sequence

import keras
import tensorflow as tf


def variable_index(
    optimizer: keras.optimizers.Optimizer, variable: keras.Variable | tf.Variable
) -> int:
    """Returns the position of a variable among those that an optimizer was built for.

    An optimizer of one's own needs it in `update_step`, as those of Keras do, for what
    it keeps of each variable. The variable is one of Keras or TensorFlow's within.
    """
    return optimizer._get_variable_index(variable)


def trained_variables(optimizer: keras.optimizers.Optimizer) -> list[keras.Variable]:
    """Returns the variables that an optimizer was built for, in order.

    The public `variables` are those that it keeps itself.
    """
    return optimizer._trainable_variables


def adam_moments(
    optimizer: keras.optimizers.Adam, index: int
) -> tuple[keras.Variable, keras.Variable]:
    """Returns the variables with the moving averages of a gradient and of its square.

    Args:
        optimizer: Built optimizer.
        index: See `variable_index`.
    """
    return optimizer._momentums[index], optimizer._velocities[index]


class JointlyMovingOptimizer(keras.optimizers.Optimizer):
    """Base of optimizers that can move all variables by one function.

    Keras calls `update_step` for each variable, and has no public way to do otherwise.
    """

    def move(
        self,
        gradients: Sequence[tf.Tensor],
        variables: Sequence[keras.Variable],
        learning_rate: tf.Tensor,
    ) -> None:
        """Moves the variables; by default each by `update_step`."""
        super()._backend_update_step(gradients, variables, learning_rate)

    def _backend_update_step(self, grads, trainable_variables, learning_rate):
        self.move(grads, trainable_variables, learning_rate)


class ModelBuiltByCompile(keras.Model):
    """Base of models of which `fit` and `evaluate` build nothing.

    To build what is not yet built, they would read a batch, and average that over the
    replicas of a strategy, which takes their values for tensors and fails on several
    machines. Keras has no public way to leave that out.
    """

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        """Does nothing, since `compile` of a subclass has built everything."""
