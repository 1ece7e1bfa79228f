"""The base of all networks that `ImageTrainingModel` trains."""

from typing import Any, ClassVar

import keras

from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.presets import PresetNetwork


class ImageNetwork(PresetNetwork):
    """A network of images whose outputs are logits of classes.

    A subclass has `num_classes`. The class attributes say what a network is that has
    nothing beside its layers; a subclass has other values where it has more.

    Attributes:
        num_classes: Number of classes.
        stem: `"cifar"` for small images or `"imagenet"` for large ones: how images are
            brought to size and augmented for it.
        genotype: The genotype whose cells it is made of, or `None`.
        auxiliary: Whether there is an auxiliary head, for which `call` takes
            `return_auxiliary`, and `get_config` says `auxiliary`.
        auxiliary_head: That layer, or `None`.
        drops_paths: Whether there are paths to drop in training.
        drop_path_rate: Variable of the probability of that in a built network, or
            `None` where there are no paths.
        draws_noise: Whether the outputs are random.
    """

    stem: str = "cifar"
    genotype: SavedGenotype | None = None
    auxiliary: bool = False
    auxiliary_head: keras.Layer | None = None
    drops_paths: bool = False
    drop_path_rate: keras.Variable | None = None
    draws_noise: bool = False
    # Attributes on which it depends which weights there are, and what a user calls
    # each of them.
    STRUCTURE: ClassVar[dict[str, str]] = {}

    @property
    def image_channels(self) -> int:
        """Channels of the images that the network was built for."""
        return self.get_build_config()["input_shape"][-1]

    @property
    def halvings(self) -> int:
        """How often height and width of an image are halved."""
        raise NotImplementedError

    def cost_layers(self) -> list[keras.Layer]:
        """Returns the layers that have a cost, an auxiliary head as the last one."""
        raise NotImplementedError

    def build_from_config(self, config: dict[str, Any]) -> None:
        # It is overridden, because Keras' own says nothing where the network cannot be
        # built, and leaves it as it is.
        self.build(config["input_shape"])

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.num_classes)
