"""The network of a training on images: of a genotype, or a row of the tables."""

from collections.abc import Sequence

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.convolutional.skeleton import Skeleton, darts_skeleton
from darts_tf.errors import UserError, first_line
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.experiments.space_settings import DARTS_SPACE
from darts_tf.experiments.trained_row import check_no_epoch
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.zoo.row import Row

# What the builder of a row calls the settings of sizes.
_SIZES = {
    "layers": "num_cells",
    "init_channels": "init_channels",
    "auxiliary": "auxiliary",
}


def make_network(
    config: ImageTrainingConfig,
    genotype: SavedGenotype | None,
    num_classes: int,
    image_shape: Sequence[int],
) -> ImageNetwork:
    """Builds the network of a configuration.

    Args:
        config: `ImageTrainingConfig`.
        genotype: The genotype; it does not count where the configuration names a row.
        num_classes: Number of classes.
        image_shape: Height, width and channels.

    Raises:
        UserError: If there is no such network, or the images are too small for it.
    """
    row = config.row()
    if row is None:
        check_image_size(config, image_shape)
        network = _network_of_genotype(config, genotype, num_classes)
    else:
        network = _network_of_row(config, row, num_classes, config.precision)
        _check_halvings(network.halvings, image_shape, f"`genotype`={row.name}")
    network.build((None, *image_shape))
    return network


def genotype_of_row(config: ImageTrainingConfig, row: Row) -> SavedGenotype | None:
    """Returns the genotype of a row's network, or `None` if it has no cells.

    Args:
        config: `ImageTrainingConfig`.
        row: The `Row` that it names.

    Raises:
        UserError: If the settings do not fit the row.
    """
    check_no_epoch(config)
    if config.space != DARTS_SPACE:
        raise UserError(
            f"`space`={config.space} is for a genotype, and `genotype`={row.name} is a "
            "whole network."
        )
    # Only the cells count here, which do not depend on classes and precision.
    return _network_of_row(config, row).genotype


def skeleton_of(config: ImageTrainingConfig) -> Skeleton | None:
    """Returns the skeleton of the network of a space, or `None` for that of DARTS.

    Args:
        config: `ImageTrainingConfig`.

    Raises:
        UserError: If the space has no network with this stem.
    """
    space = config.named_space()
    try:
        return space.skeleton(config.layers, config.init_channels, config.stem)
    except ValueError as error:
        raise UserError(
            f"`space`={config.space} has no network with `stem`={config.stem}; give "
            f"`stem={space.stems[0]}`."
        ) from error


def check_image_size(config: ImageTrainingConfig, image_shape: Sequence[int]) -> None:
    """Raises a `UserError` if the network halves images beyond their last pixel.

    Args:
        config: `ImageTrainingConfig` of a genotype.
        image_shape: Height, width and channels.
    """
    skeleton = skeleton_of(config) or darts_skeleton(
        config.layers, config.init_channels, config.stem
    )
    halvings = skeleton.halvings(len(skeleton.cells) - 1)
    words = f"`layers`={config.layers} and `stem`={config.stem}"
    _check_halvings(halvings, image_shape, words)


def _check_halvings(halvings, image_shape, words):
    if min(image_shape[:2]) < 2**halvings:
        height, width, _ = image_shape
        raise UserError(
            f"Images of {height} x {width} pixels are too small: the network with "
            f"{words} halves them {halvings} times; give `image_size`={2**halvings} or "
            "more."
        )


def _network_of_genotype(config, genotype, num_classes):
    skeleton = skeleton_of(config)
    try:
        return EvaluationNetwork(
            genotype,
            num_classes=num_classes,
            init_channels=config.init_channels,
            num_cells=config.layers,
            stem=config.stem,
            auxiliary=config.auxiliary,
            dtype=config.precision,
            skeleton=skeleton,
        )
    except ValueError as error:
        raise UserError(f"`genotype`={config.genotype}: {error}") from error


def _network_of_row(config, row, num_classes=None, precision=None):
    given = {name: getattr(config, name) for name in _SIZES}
    given = {name: value for name, value in given.items() if value is not None}
    sizes = {_SIZES[name]: value for name, value in given.items()}
    if num_classes is not None:
        sizes |= {"num_classes": num_classes, "dtype": precision}
    try:
        network = row.build(**sizes)
    except (TypeError, ValueError) as error:
        words = ", ".join(f"`{name}`={value}" for name, value in given.items())
        raise UserError(
            f"`genotype`={row.name} is no network with {words or 'these sizes'} "
            f"({first_line(error)})."
        ) from error
    if config.drop_path_rate and not network.drops_paths:
        raise UserError(
            f"`genotype`={row.name} has no paths to drop; give `drop_path_rate=0`."
        )
    return network
