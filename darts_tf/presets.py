"""Networks by name, and in folders: presets, as users of Keras know them.

A folder has the layout of KerasHub's: `config.json` says what the network is,
`metadata.json` what wrote it, and `model.weights.h5` holds the weights. What is read is
data: the class must be one that is registered, sizes are bounded, and nothing else in
the files is made an object of.
"""

import json
import math
import os
import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import h5py
import keras

from darts_tf.atomic_file import TEMPORARY_FILES, sync, write_atomically
from darts_tf.errors import UserError, invalid_value, shortened
from darts_tf.keras_file import damage_explained, load_model
from darts_tf.limits import MAX_EXPORTED_IMAGE_SIZE
from darts_tf.run_layout import BEST_MODEL_FILE, CONFIG_FILE
from darts_tf.version import __version__
from darts_tf.weight_transfer import assign_weights

METADATA_FILE, WEIGHTS_FILE = "metadata.json", "model.weights.h5"
# Patterns of what a kill leaves.
_LEFTOVERS = (f".*.{WEIGHTS_FILE}", f".*.json{TEMPORARY_FILES}")
_LONGEST_JSON = 10_000_000
_POLICIES = ("DTypePolicy", "FloatDTypePolicy")

_PRESETS: dict[str, Callable[..., keras.Model]] = {}


class PresetNetwork(keras.Model):
    """A model that is made by the name of a preset, and kept in a folder."""

    @classmethod
    def from_preset(
        cls,
        preset: str | os.PathLike,
        weights: str | os.PathLike | None = None,
        **sizes: Any,
    ) -> Self:
        """Builds a network by the name of a preset, or reads one from its folder.

        Args:
            preset: Name of a published network, such as `"darts_v2_cifar10"`, known
                once `darts_tf.zoo` is imported; the folder that `save_to_preset`
                wrote; the folder of a training, or a `.keras` file.
            weights: Such a folder or file with the weights of a network that has a
                name; default is random ones.
            **sizes: Sizes of a network that has a name, other than the published ones.

        Returns:
            The network, built.

        Raises:
            UserError: If there is no such network, it is of another class, or a file
                is damaged.

        Example:

        ```python
        import darts_tf as dt

        network = dt.EvaluationNetwork.from_preset("darts_v2_cifar10", num_cells=3)
        network.save_to_preset("darts_v2")
        network = dt.EvaluationNetwork.from_preset("darts_v2")
        ```
        """
        return load_preset(cls, preset, weights, **sizes)

    def save_to_preset(self, folder: str | os.PathLike) -> Path:
        """Writes the network into a folder, see `from_preset`.

        Args:
            folder: The folder; it is made if need be, and may hold an earlier preset.

        Returns:
            Its path.

        Raises:
            UserError: If it holds anything else.
        """
        return write_preset(self, folder)


def register_preset(name: str, make: Callable[..., keras.Model]) -> None:
    """Makes a network known by its name.

    Args:
        name: The name.
        make: Function of sizes that returns the network, built.
    """
    _PRESETS[name] = make


def load_preset(
    kind: type | tuple[type, ...],
    preset: str | os.PathLike,
    weights: str | os.PathLike | None = None,
    **sizes: Any,
) -> keras.Model:
    """Returns a network of a class; arguments and errors as `from_preset`.

    Args:
        kind: The class, or several.
        preset: And the others: see `PresetNetwork.from_preset`.
    """
    make = _PRESETS.get(os.fspath(preset))
    if make is None:
        if weights is not None or sizes:
            given = ", ".join(["`weights`"] * (weights is not None) + [*sizes])
            raise UserError(
                f"`preset`={preset} is no known name, and only a network by its name "
                f"takes {given}; {_known()}."
            )
        return _read(kind, Path(preset))
    network = make(**sizes)
    if not isinstance(network, kind):
        raise UserError(
            f"`preset`={preset} is a {type(network).__name__}; make it by "
            "`darts_tf.zoo.from_preset`."
        )
    if weights is not None:
        assign_weights(network, _read(type(network), Path(weights)))
    return network


def write_preset(network: keras.Model, folder: str | os.PathLike) -> Path:
    """Writes a built network; see `PresetNetwork.save_to_preset`."""
    folder = Path(folder)
    if not network.built:
        raise invalid_value("network", "a network that is built", network)
    if folder.exists() and not (folder.is_dir() and _is_ours(folder)):
        raise UserError(f"{folder} holds other files and no preset; name a new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    config = keras.saving.serialize_keras_object(network)
    config.pop("compile_config", None)
    metadata = {
        "keras_version": keras.version(),
        "darts_tf_version": __version__,
        "parameter_count": network.count_params(),
        "date_saved": time.strftime("%Y-%m-%d@%H:%M:%S"),
    }
    temporary = folder / f".{secrets.token_hex(4)}.{WEIGHTS_FILE}"
    # What is cut off while it is written is no preset, since that has metadata.
    (folder / METADATA_FILE).unlink(missing_ok=True)
    for pattern in _LEFTOVERS:
        for left in folder.glob(pattern):
            left.unlink()
    try:
        network.save_weights(temporary)
        sync(temporary)
        os.replace(temporary, folder / WEIGHTS_FILE)
    finally:
        temporary.unlink(missing_ok=True)
    write_atomically(folder / CONFIG_FILE, json.dumps(config, indent=4))
    write_atomically(folder / METADATA_FILE, json.dumps(metadata, indent=4))
    return folder


def _is_ours(folder):
    """Whether a folder is a preset, or has no other files than one that was cut off."""
    if (folder / METADATA_FILE).is_file():
        return True
    ours = (CONFIG_FILE, WEIGHTS_FILE, *_LEFTOVERS)
    return all(any(map(path.match, ours)) for path in folder.iterdir())


def _read(kind, path):
    """Reads a network of a class from a folder or a `.keras` file."""
    names = [x.__name__ for x in (kind if isinstance(kind, tuple) else (kind,))]
    called = f"one of the class {' or '.join(names)}"
    if path.suffix == ".keras" and path.is_file():
        return load_model(path, kind, called)
    if (path / BEST_MODEL_FILE).is_file():
        return load_model(path / BEST_MODEL_FILE, kind, called)
    if not (path / METADATA_FILE).is_file():
        raise UserError(
            f"There is no preset {shortened(str(path))}: expected {_known()}, the "
            "folder of one or of a training, or a .keras file."
        )
    with damage_explained(path):
        config = _read_json(path / CONFIG_FILE)
        found = keras.saving.get_registered_object(config["registered_name"])
        if isinstance(found, type) and issubclass(found, kind):
            return _made(found, config, path / WEIGHTS_FILE)
    name = shortened(str(config["class_name"]))
    raise UserError(
        f"{path} holds a network of the class {name}, but {called} is needed."
    )


def _known():
    if not _PRESETS:
        return "the name of a published network once `darts_tf.zoo` is imported"
    return f"one of {', '.join(sorted(_PRESETS))}"


def _read_json(path):
    with open(path, encoding="utf-8") as file:
        text = file.read(_LONGEST_JSON + 1)
    if len(text) > _LONGEST_JSON:
        raise ValueError(f"{path.name} is longer than {_LONGEST_JSON:,} characters")
    content = json.loads(text)
    if not isinstance(content, dict):
        raise ValueError(f"{path.name} holds no JSON object")
    return content


def _made(kind, config, weights_path):
    arguments = {**config["config"], "dtype": _policy(config["config"].get("dtype"))}
    network = kind.from_config(arguments)
    _check_shape(config["build_config"])
    network.build_from_config(config["build_config"])
    _check_weights(weights_path, network)
    network.load_weights(weights_path)
    return network


def _policy(dtype):
    """The name of a dtype policy, which Keras writes as an object."""
    if isinstance(dtype, Mapping):
        if dtype.get("class_name") not in _POLICIES:
            raise ValueError("the dtype is none of a plain policy")
        dtype = dtype["config"]["name"]
    if not isinstance(dtype, str):
        raise ValueError("the dtype is no name")
    return dtype


def _check_shape(build_config):
    for size in build_config.get("input_shape") or ():
        is_size = type(size) is int and 0 < size <= MAX_EXPORTED_IMAGE_SIZE
        if size is not None and not is_size:
            raise ValueError(f"there is no input of size {shortened(size)}")


def _check_weights(path, network):
    """Refuses a file whose arrays are larger than the network's before reading one.

    A few bytes may stand for an array that fills the memory.
    """
    needed = sum(math.prod(weight.shape) for weight in network.weights)
    with h5py.File(path) as file:
        sizes = []

        def add(_, found):
            if isinstance(found, h5py.Dataset):
                sizes.append(found.size or 0)

        file.visititems(add)
    if sum(sizes) > needed:
        raise ValueError(
            f"{path.name} holds {sum(sizes):,} numbers, but the network has {needed:,}"
        )
