"""The configuration of a run, `config.json`: what it is, and its only reader."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from darts_tf.errors import UserError, shortened
from darts_tf.limits import MAX_CLASSES, MAX_EXPORTED_IMAGE_SIZE
from darts_tf.run_layout import CONFIG_FILE

CONFIG_VERSION = 1

# Most characters of a file, since a list of class names may be long.
_MAX_LENGTH = 50_000_000
_LARGEST = 1e300
_FIELDS = {
    "format": str,
    "settings": dict,
    "data": dict,
    "versions": dict,
    "num_weights": int,
    "command": str,
}
_OPTIONAL_FIELDS = {"genotype": dict, "fingerprint": dict}


class RunFolderError(UserError):
    """A file of a run folder is missing or damaged; the message is one line."""


def damaged(path: Path | str, expected: str, received: object) -> RunFolderError:
    """Returns the error that names a damaged file, in one line."""
    received = " ".join(str(received).split())
    return RunFolderError(f"{path} is damaged: expected {expected}, found {received}.")


def read_text(path: Path) -> str:
    """Returns the text of a file of a run.

    Raises:
        RunFolderError: If it cannot be read, or is no text.
    """
    try:
        if path.exists() and not path.is_file():
            raise damaged(path, "a file", "something else")
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read(_MAX_LENGTH + 1)
    except UnicodeDecodeError as error:
        raise damaged(path, "text in UTF-8", f"another encoding ({error})") from error
    except OSError as error:
        reason = error.strerror or error
        raise RunFolderError(
            f"{path} cannot be read ({reason}): expected the folder of a run with at "
            "least one finished epoch."
        ) from error
    if len(text) > _MAX_LENGTH:
        raise damaged(path, f"at most {_MAX_LENGTH:,} characters", "more")
    return text


def read_json(path: Path) -> Any:
    """Returns what a JSON file of a run holds; errors as `read_text`."""
    try:
        return json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        if isinstance(error, RunFolderError):
            raise
        raise damaged(path, "JSON", f"an error: {error}") from error


def read_config(
    folder: Path, format: str | None = None, **fields: type
) -> dict[str, Any]:
    """Reads the configuration of a run.

    Args:
        folder: The run folder.
        format: The format that it must name, or `None` for any.
        **fields: Type of each entry that it must have beside the usual.

    Returns:
        Dictionary of `format`, `settings`, `data`, `versions`, `num_weights`, `command`
        and, where they are, `genotype` and `fingerprint`.

    Raises:
        RunFolderError: If the file is missing or damaged.
    """
    path = folder / CONFIG_FILE
    config = read_json(path)
    expected = f'"format": "{format}"' if format else "a JSON object"
    if not isinstance(config, dict) or format not in (None, config.get("format")):
        raise damaged(path, expected, "another format")
    check_config(path, config, fields)
    return {
        name: config[name] for name in (*_FIELDS, *_OPTIONAL_FIELDS) if name in config
    }


def check_config(
    path: Path | str,
    config: Mapping[str, Any],
    fields: Mapping[str, type] | None = None,
) -> None:
    """Raises a `RunFolderError` unless a dictionary is a configuration.

    Args:
        path: The file that an error names, or what else it calls it.
        config: The dictionary.
        fields: Type of each entry that it must have beside the usual.
    """
    if config.get("version") != CONFIG_VERSION:
        raise damaged(
            path, f'"version": {CONFIG_VERSION}', shortened(config.get("version"))
        )
    optional = {k: kind for k, kind in _OPTIONAL_FIELDS.items() if k in config}
    for name, kind in {**_FIELDS, **optional, **(fields or {})}.items():
        if not isinstance(config.get(name), kind):
            found = shortened(config.get(name))
            raise damaged(path, f'"{name}" of type {kind.__name__}', found)
    for name, (expected, is_valid) in _DATA.items():
        value = config["data"].get(name)
        if value is not None and not is_valid(value):
            raise damaged(path, f'"{name}", {expected}, in "data"', shortened(value))
    _check_channels(path, config["data"])


def _check_channels(path, data):
    channels = data["image_shape"][-1] if data.get("image_shape") else None
    for name in ("mean", "std"):
        count = len(data[name]) if data.get(name) else channels
        if channels and count != channels:
            raise damaged(path, f'"{name}" of {channels} channels', count)


def _is_image_shape(value):
    return (
        isinstance(value, list)
        and len(value) == 3
        and all(type(size) is int and size > 0 for size in value)
        and max(value) <= MAX_EXPORTED_IMAGE_SIZE
    )


def _are_numbers(value):
    # These bounds leave out NaN too, and integers that no float can hold.
    return isinstance(value, list) and all(
        isinstance(number, int | float) and -_LARGEST < number < _LARGEST
        for number in value
    )


def _are_positive(value):
    return _are_numbers(value) and all(number > 0 for number in value)


def _are_names(value):
    return (
        isinstance(value, list)
        and 0 < len(value) <= MAX_CLASSES
        and all(isinstance(name, str) and _is_one_line(name) for name in value)
    )


def _is_one_line(name):
    is_text = not any("\ud800" <= letter <= "\udfff" for letter in name)
    return is_text and name.splitlines() in ([], [name])


_DATA = {
    "name": ("text", lambda value: isinstance(value, str)),
    "image_shape": ("height, width and channels", _is_image_shape),
    "mean": ("finite numbers", _are_numbers),
    "std": ("finite numbers above 0", _are_positive),
    "class_names": ("a list of names of one line each", _are_names),
}
