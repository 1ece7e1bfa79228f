"""Keras models in files that are never half written."""

import os
import tempfile
from pathlib import Path

import keras

from darts_tf.atomic_file import write_atomically


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
        model.save(file)
        return write_atomically(path, file.read_bytes())
