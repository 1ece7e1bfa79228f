"""The network of a genotype as a `HyperModel`, for any tuner of KerasTuner."""

from collections.abc import Callable, Sequence

import keras
import keras_tuner

from darts_tf.convolutional.evaluation_model import ImageTrainingModel
from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.errors import invalid_value
from darts_tf.optimization.optimizers import MomentumSGD
from darts_tf.space.search_space import SearchSpace
from darts_tf.spaces.registry import get_space
from darts_tf.tuning.hyperparameters import declare_choices, genotype_of

_DEFAULT_SPACE = "darts"
_NODES = 4


class CellHyperModel(keras_tuner.HyperModel):
    """Builds the evaluation network of the cells that hyperparameters choose.

    The models are trained by `fit` on images and labels, numbers of classes. They have
    the metric `accuracy`, so that `"val_accuracy"` is an objective.

    Args:
        space: Name of a space, whose network it is then, or a `SearchSpace` of cells
            for the network of DARTS.
        num_classes: Number of classes.
        image_shape: Height, width and channels.
        num_cells: Number of cells, as the network of the space counts them.
        init_channels: Channels of the first cells.
        stem: `"cifar"` for small images or `"imagenet"` for large ones, see
            `darts_skeleton`.
        auxiliary: Whether there is an auxiliary head.
        make_optimizer: Function that returns the optimizer of a model; the default is
            that of the paper (section 3.2).
        name: Name of the `HyperModel`.
        tunable: Whether the choices are added to the hyperparameters of a search.

    Attributes:
        space: The `SearchSpace`.

    Raises:
        ValueError: If there is no space of this name.

    Example:

    ```python
    hypermodel = CellHyperModel("nasbench201", init_channels=4, auxiliary=False)
    model = hypermodel.build(space_hyperparameters(hypermodel.space))
    ```
    """

    def __init__(
        self,
        space: str | SearchSpace,
        num_classes: int = 10,
        image_shape: Sequence[int] = (32, 32, 3),
        num_cells: int = 20,
        init_channels: int = 36,
        stem: str = "cifar",
        auxiliary: bool = True,
        make_optimizer: Callable[[], keras.optimizers.Optimizer] = MomentumSGD,
        name: str | None = None,
        tunable: bool = True,
    ):
        super().__init__(name, tunable)
        if isinstance(space, SearchSpace):
            self._named_space = get_space(_DEFAULT_SPACE)
            self.space = space
        elif isinstance(space, str):
            self._named_space = named = get_space(space)
            self.space = named.search_space(named.search.get("nodes", _NODES))
        else:
            raise invalid_value("space", "a name or a `SearchSpace`", space)
        self._image_shape = tuple(image_shape)
        self._make_optimizer = make_optimizer
        self._arguments = {
            "num_classes": num_classes,
            "init_channels": init_channels,
            "num_cells": num_cells,
            "stem": stem,
            "auxiliary": auxiliary,
            "skeleton": self._named_space.skeleton(num_cells, init_channels, stem),
        }

    def build(self, hp):
        """Builds and compiles the `ImageTrainingModel` of a genotype.

        Args:
            hp: `HyperParameters`, to which the choices are added that are not there.

        Raises:
            ValueError: If there is no such network.
        """
        declare_choices(self.space, hp)
        genotype = self._named_space.trained_genotype(genotype_of(self.space, hp))
        network = EvaluationNetwork(genotype, **self._arguments)
        network.build((None, *self._image_shape))
        model = ImageTrainingModel(network)
        model.compile(self._make_optimizer())
        return model
