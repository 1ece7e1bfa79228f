"""Settings of the measurement of a latency table."""

from typing import Any

from darts_tf.convolutional.skeleton import darts_skeleton
from darts_tf.costs.latency.measuring import Conditions
from darts_tf.costs.network_parts import DerivedNetwork
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.experiments.convolutional_evaluation.network import (
    check_image_size,
    skeleton_of,
)
from darts_tf.experiments.searched_cells import CellsSettings
from darts_tf.experiments.space_settings import space_of
from darts_tf.formats.format import FORMATS
from darts_tf.limits import MAX_CLASSES, MAX_EXPORTED_IMAGE_SIZE, MAX_THREADS
from darts_tf.settings import changed, setting, settings_of

_MOST_REPETITIONS = 10_000
_MOST_NETWORKS = 1_000


class LatencySettings(CellsSettings):
    """The networks of which each part is measured, and how that is done."""

    runtime: str = setting(
        "litert",
        "Format of the files, whose runtime is measured; see docs/serving.md.",
        group="Measurement",
        choices=tuple(FORMATS),
    )
    threads: int = setting(
        1,
        "Threads of the runtime.",
        group="Measurement",
        least=1,
        most=MAX_THREADS,
    )
    repetitions: int = setting(
        20,
        "Times that a model is timed for one measurement, whose median counts.",
        group="Measurement",
        least=1,
        most=_MOST_REPETITIONS,
    )
    whole_networks: int = setting(
        8,
        "Random networks that are timed as a whole. All times are multiplied by the "
        "number that makes the sums of parts right for them in the mean; without any "
        "they stay as they are.",
        group="Measurement",
        least=0,
        most=_MOST_NETWORKS,
    )
    output: str = setting(
        "runs/latency.json",
        "File that gets the table. The log from which the same command goes on lies "
        "beside it, with .log at the end of its name.",
        group="Files",
    )
    layers: int = changed(ImageTrainingConfig, "layers", help="Number of cells.")
    init_channels: int = changed(
        ImageTrainingConfig, "init_channels", help="Channels of the first cells."
    )
    stem: str = changed(
        ImageTrainingConfig,
        "stem",
        help="Stem of the network: for small images, or for large ones.",
    )
    primitive_modules: tuple[str, ...] = changed(
        ImageTrainingConfig, "primitive_modules"
    )
    fewer_outputs: bool = setting(
        False,
        "Whether cells of fewer outputs than those of the space are measured as well, "
        "which a search finds that keeps what is above a threshold.",
        group="Network",
    )
    image_size: int = setting(
        32,
        "Height and width of an image in pixels.",
        group="Images",
        least=4,
        most=MAX_EXPORTED_IMAGE_SIZE,
    )
    image_channels: int = setting(
        3, "Channels of an image.", group="Images", least=1, most=4096
    )
    num_classes: int = setting(
        10, "Number of classes.", group="Images", least=2, most=MAX_CLASSES
    )

    genotypes: tuple[str, ...] = setting(
        (),
        "Genotypes whose latencies are predicted: published names, genotype files, or "
        "folders of searches.",
        group="Genotypes",
    )

    @classmethod
    def defaults_with(cls, values: dict[str, Any]) -> dict[str, Any]:
        follow, space = super().defaults_with(values), space_of(values)
        if space is None:
            return follow
        if not space.takes_primitives:
            follow["primitives"] = space.primitives
        sizes = {**space.search, **space.training}
        return follow | {k: sizes[k] for k in settings_of(cls) if k in sizes}

    @property
    def conditions(self) -> Conditions:
        """How a part is measured."""
        return Conditions(self.runtime, self.threads, self.repetitions)

    def network(self) -> DerivedNetwork:
        """Returns the network of the genotypes of the space.

        Raises:
            UserError: If there is no such network, or the images are too small for it.
        """
        names = ("space", "layers", "init_channels", "stem", "primitive_modules")
        sizes = {name: getattr(self, name) for name in names}
        config = ImageTrainingConfig(**sizes, cutout=False)
        shape = (self.image_size, self.image_size, self.image_channels)
        check_image_size(config, shape)
        skeleton = skeleton_of(config) or darts_skeleton(
            config.layers, config.init_channels, config.stem
        )
        return DerivedNetwork(self.named_space(), skeleton, shape, self.num_classes)


class LatencyConfig(LatencySettings):
    """A table, and what is to be said of genotypes by it."""

    verify_latency: bool = setting(
        False,
        "Whether their networks are exported as a whole, too, and timed.",
        group="Genotypes",
    )
