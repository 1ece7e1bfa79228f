"""What is refused before any part begins."""

import gc
from collections.abc import Iterable, Sequence
from typing import Any

from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.experiments.convolutional_evaluation.network import check_image_size
from darts_tf.protocol.part import Part
from darts_tf.settings import Settings, known_of, settings_of

# Settings beside those of the data that decide whether they fit.
_SIZES = ("batch_size", "layers", "space", "stem")


def check_parts(parts: Sequence[Part]) -> None:
    """Makes the configuration of each part, as its program will.

    Args:
        parts: The parts.

    Raises:
        UserError: If one is refused; it names the part.
    """
    names = [part.name for part in parts]
    for name in names:
        if names.count(name) > 1:
            raise UserError(f"Two parts of the protocol would be called {name}.")
    for part in parts:
        try:
            config = part.program.config(part.settings)
            if part.cells is None:
                part.program.kind(config).prepare()
        except UserError as error:
            raise UserError(f"{part.name}: {error}") from error


def check_data(parts: Iterable[Part]) -> None:
    """Opens the data of each part once, as its program will.

    Args:
        parts: The parts that are still to be run.

    Raises:
        UserError: If data cannot be had, or do not fit the settings; it names the part.
    """
    seen = []
    for part in parts:
        config = part.program.config(part.settings)
        known = [part.program, _settings_of_data(config)]
        if known in seen:
            continue
        seen.append(known)
        try:
            _check_data_of(part, config)
        except UserError as error:
            raise UserError(f"{part.name}: {error}") from error
        gc.collect()  # of the images, which graphs refer to


def _settings_of_data(config: Settings) -> dict[str, Any]:
    """The settings of the data, and of what must fit them."""
    return {
        name: getattr(config, name)
        for name, field in settings_of(config).items()
        if known_of(field).group == "Data" or name in _SIZES
    }


def _check_data_of(part: Part, config: Settings) -> None:
    data = part.program.kind.Data(config)
    if isinstance(config, ImageTrainingConfig) and part.cells is not None:
        check_image_size(config, data.image_shape)
