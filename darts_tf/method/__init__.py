"""The gradient-based search: the gradient of alpha, losses and the training step."""

from darts_tf.method.architecture_search import ArchitectureSearch as ArchitectureSearch
