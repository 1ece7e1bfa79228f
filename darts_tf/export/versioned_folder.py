"""Folders of numbered versions, as TensorFlow Serving watches them."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from darts_tf.errors import UserError


def write_version(output: str, marker: str, write: Callable[[Path], None]) -> Path:
    """Adds the next version, whole or not at all: `output/1`, `output/2`, ...

    Args:
        output: The folder of the versions; it is made if need be.
        marker: Name of a file that every version of this kind holds.
        write: Function that fills an empty folder. If it raises, nothing is left.

    Returns:
        The folder of the new version.

    Raises:
        UserError: If `output` holds other things or cannot be written to; `write` is
            not called then.
    """
    folder = Path(output)
    _check(folder, marker)
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        temporary = tempfile.TemporaryDirectory(prefix=".export-", dir=existing)
    except OSError as error:
        raise UserError(
            f"--output={output}: {existing} cannot be written to ({error.strerror})."
        ) from error
    with temporary:
        content = Path(temporary.name) / "version"
        content.mkdir()
        write(content)
        folder.mkdir(parents=True, exist_ok=True)
        return _rename(content, folder)


def _versions(folder):
    return [int(path.name) for path in folder.glob("[0-9]*") if path.name.isdigit()]


def _check(folder, marker):
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name.isdigit() and not (path / marker).exists():
            raise UserError(
                f"--output={folder} holds versions of another format ({path} has no "
                f"{marker}); name a new folder."
            )
        if not path.name.isdigit() and not path.name.startswith("."):
            raise UserError(
                f"--output={folder} holds other files than versions ({path.name}); "
                "name a new folder."
            )


def _rename(content, folder):
    while True:
        version = folder / str(max(_versions(folder), default=0) + 1)
        try:
            return content.rename(version)
        except OSError:
            # Another process may have been faster.
            if not version.exists():
                raise
