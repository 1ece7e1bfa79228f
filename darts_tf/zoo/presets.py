"""Published networks as presets, whatever their class."""

import os
from pathlib import Path
from typing import Any

import keras

from darts_tf import presets
from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.recurrent.language_network import LanguageNetwork

_KINDS = (ImageNetwork, LanguageNetwork)


def from_preset(
    preset: str | os.PathLike,
    weights: str | os.PathLike | None = None,
    **sizes: Any,
) -> keras.Model:
    """Builds a network by the name of its row, or reads one from its folder.

    Args:
        preset: Name of a row, such as `"mobilenet_imagenet"`; or a folder or file, see
            `PresetNetwork.from_preset`.
        weights: Folder or file with the weights of a network that has a name; default
            is random ones.
        **sizes: Sizes of such a network other than the published ones, see `Row.make`.

    Returns:
        The network, built.

    Raises:
        UserError: If there is no such network, it is not public, or a file is damaged.

    Example:

    ```python
    import darts_tf as dt

    network = dt.zoo.from_preset("mobilenet_imagenet", num_classes=10)
    ```
    """
    return presets.load_preset(_KINDS, preset, weights, **sizes)


def save_to_preset(network: keras.Model, folder: str | os.PathLike) -> Path:
    """Writes a network into a folder that `from_preset` reads.

    Args:
        network: The network, built.
        folder: The folder; it is made if need be, and may hold an earlier preset.

    Returns:
        Its path.

    Raises:
        UserError: If it holds anything else.
    """
    return presets.write_preset(network, folder)
