"""The provenance of a run: command, versions and memory, as a report names them."""

import importlib.metadata
import platform
import resource
import shlex
import sys
from pathlib import Path

import tensorflow as tf


def command() -> str:
    """The command line of this process, as it can be given again."""
    program = Path(sys.argv[0])
    if program.parent.name == "trainers":
        words = ["python", "-m", f"trainers.{program.stem}"]
    else:
        words = [program.name]
    return shlex.join([*words, *sys.argv[1:]])


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that a result depends on."""
    packages = ("keras", "numpy", "tensorflow-datasets")
    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        **{name: importlib.metadata.version(name) for name in packages},
    }


def peak_memory_gb() -> float:
    """Largest memory that this process has had, in GB of 10^9 bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
