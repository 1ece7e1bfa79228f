"""Keras models in files that are never half written."""

import contextlib
import io
import json
import os
import textwrap
import zipfile
from collections.abc import Iterator
from pathlib import Path

import keras
import tensorflow as tf

from darts_tf.atomic_file import write_atomically
from darts_tf.errors import UserError

# Most bytes of the JSON that describes a model.
_LONGEST_CONFIG = 100_000_000
_OF_MEMORY = (MemoryError, tf.errors.ResourceExhaustedError)


def save_model(model: keras.Model, path: str | os.PathLike) -> Path:
    """Writes a `.keras` file: at every moment the old one or the whole new one.

    Args:
        model: Built model.
        path: The file; its folder is made if need be.

    Returns:
        The path.
    """
    file = io.BytesIO()
    # Without `zipped=False` Keras refuses an object that is no path; what it writes is
    # the same archive.
    keras.saving.save_model(model, file, zipped=False)
    return write_atomically(path, file.getvalue())


def load_model(
    path: str | os.PathLike, kind: type | tuple[type, ...], called: str
) -> keras.Model:
    """Reads a `.keras` file.

    Args:
        path: The file.
        kind: Class of the model, or several.
        called: What an error calls such a model.

    Raises:
        UserError: If it cannot be read, holds another model, or memory is short.
    """
    with damage_explained(path):
        config = _read_config(path)
        found = keras.saving.get_registered_object(config["registered_name"])
        if isinstance(found, type) and issubclass(found, kind):
            return _load(path)
    name = textwrap.shorten(str(config["class_name"]), 100)
    raise UserError(f"{path} holds a {name}, but {called} is needed.")


@contextlib.contextmanager
def damage_explained(path: str | os.PathLike) -> Iterator[None]:
    """Within, whatever a damaged file raises is a `UserError` of one line.

    Args:
        path: The file, or the folder, that a model is made of.
    """
    try:
        yield
    except Exception as error:  # a damaged file may raise anything
        causes = list(_causes(error))
        if any(isinstance(cause, _OF_MEMORY) for cause in causes):
            raise UserError(f"There is too little memory for {path}.") from error
        reason = str(causes[-1]) or type(error).__name__
        raise UserError(
            f"{path} cannot be read as a model: {textwrap.shorten(reason, 300)}"
        ) from error


def _read_config(path):
    """Reads what a model is, before anything is made of it."""
    with zipfile.ZipFile(path) as archive, archive.open("config.json") as file:
        return json.loads(file.read(_LONGEST_CONFIG))


def _load(path):
    model = keras.saving.load_model(path, compile=False)
    if not model.built:
        raise ValueError("it does not say how to build it")
    return model


def _causes(error):
    """Yields an error and those in whose place it was raised."""
    while error:
        yield error
        error = error.__cause__ or error.__context__
