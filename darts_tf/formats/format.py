"""The formats that a network can be exported to, as data."""

import importlib.metadata
import importlib.util
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from darts_tf.errors import UserError

SAVED_MODEL = "saved_model"


class Format(NamedTuple):
    """A format of exported networks.

    Attributes:
        file: Name of the file by which one knows it; a runtime loads that, or in the
            case of a SavedModel the folder in which it lies.
        packages: What an export needs beside TensorFlow, the runtime last.
    """

    file: str
    packages: tuple[str, ...] = ()

    @property
    def runtime(self) -> str:
        """The package that runs it."""
        return self.packages[-1] if self.packages else "tensorflow"


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        SAVED_MODEL: Format("saved_model.pb"),
        "litert": Format("model.tflite", ("ai_edge_litert",)),
        "onnx": Format("model.onnx", ("tf2onnx", "onnxruntime")),
        "openvino": Format("model.xml", ("openvino",)),
    }
)


def loaded_path(format: str, folder: str | os.PathLike) -> Path:
    """Returns what the runtime loads of a folder with a model.

    Args:
        format: One of `FORMATS`.
        folder: The folder.
    """
    folder = Path(folder)
    return folder if format == SAVED_MODEL else folder / FORMATS[format].file


def check_packages(setting: str, format: str) -> None:
    """Raises a `UserError` unless all that an export needs is installed.

    Args:
        setting: The setting that chose the format.
        format: One of `FORMATS`.
    """
    packages = FORMATS[format].packages
    missing = [name for name in packages if not importlib.util.find_spec(name)]
    if missing:
        raise UserError(
            f"`{setting}`={format} needs {' and '.join(missing)}: call `pip install "
            "--group export`."
        )


def runtime_version(format: str) -> str:
    """Returns the version of the runtime of a format, which is installed."""
    name = FORMATS[format].runtime
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        # TensorFlow for the CPU alone is called otherwise than what one imports.
        return importlib.import_module(name).__version__
