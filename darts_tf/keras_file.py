"""Keras models in files that are never half written."""

import os
import tempfile
from pathlib import Path

import keras

from darts_tf.atomic_file import errors_name, write_atomically
from darts_tf.errors import UserError

# The models of a training.
BEST_MODEL_FILE = "model_best.keras"
LATEST_MODEL_FILE = "model_latest.keras"


def save_model(model: keras.Model, path: str | os.PathLike) -> Path:
    """Writes a `.keras` file: at every moment the old one or the whole new one.

    Args:
        model: Built model.
        path: The file; its folder is made if need be.

    Returns:
        The path.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.keras"
        with errors_name(file):
            model.save(file)
        return write_atomically(path, file.read_bytes())


def load_model(path: str | os.PathLike, kind: type, called: str) -> keras.Model:
    """Reads a `.keras` file.

    Args:
        path: The file.
        kind: Class of the model.
        called: What an error calls such a model.

    Raises:
        UserError: If it cannot be read, or holds another model.
    """
    try:
        model = keras.saving.load_model(path, compile=False)
    except Exception as error:  # a damaged file may raise anything
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise UserError(f"{path} cannot be read as a model: {reason}") from error
    if not isinstance(model, kind):
        raise UserError(
            f"{path} holds a {type(model).__name__}, but {called} is needed."
        )
    return model
