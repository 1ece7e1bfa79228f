"""Folders of numbered versions, as TensorFlow Serving watches them."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from darts_tf.errors import UserError
from darts_tf.serving.model_kind import difference, read_kind, write_kind

_UNFINISHED = ".export-"
_LOCK = "lock"


def write_version(
    output: str, marker: str, kind: dict, write: Callable[[Path], None]
) -> Path:
    """Adds the next version, whole or not at all: `output/1`, `output/2`, ...

    Args:
        output: The folder of the versions; it is made if need be.
        marker: Name of a file that every version of this format holds.
        kind: What model it is, see `model_kind`.
        write: Function that fills an empty folder. If it raises, nothing is left.

    Returns:
        The folder of the new version.

    Raises:
        UserError: If `output` holds other things or cannot be written to; `write` is
            not called then.
    """
    folder = Path(output)
    _check(folder, marker, kind)
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    _remove_abandoned(existing)
    try:
        temporary = tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=existing)
    except OSError as error:
        raise UserError(
            f"`output`={output}: {existing} cannot be written to ({error.strerror})."
        ) from error
    with temporary as name, open(Path(name) / _LOCK, "w") as lock:
        _hold(lock)
        content = Path(name) / "version"
        content.mkdir()
        write(content)
        write_kind(kind, content)
        # The folder is checked again, because another process may have added a version
        # of another model meanwhile.
        _check(folder, marker, kind)
        folder.mkdir(parents=True, exist_ok=True)
        return _rename(content, folder)


def _hold(lock):
    # A file system without locks is no reason to fail: `_remove_abandoned` cannot lock
    # this file either then, and leaves it alone.
    with contextlib.suppress(OSError):
        fcntl.flock(lock, fcntl.LOCK_EX)
    print(os.getpid(), file=lock, flush=True)


def _remove_abandoned(folder):
    """Removes what exports have left that were killed."""
    for path in folder.glob(f"{_UNFINISHED}*/{_LOCK}"):
        # An error says that a process holds the file, or that it is another user's.
        with contextlib.suppress(OSError), open(path, "r+") as lock:
            # An empty file is one that its process is about to lock.
            if os.fstat(lock.fileno()).st_size:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path.parent)


def _versions(folder):
    return [int(path.name) for path in folder.glob("[0-9]*") if path.name.isdecimal()]


def _check(folder, marker, kind):
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name.isdecimal() and not (path / marker).exists():
            raise UserError(
                f"`output`={folder} holds versions of another format ({path} has no "
                f"{marker}); name a new folder."
            )
        if not path.name.isdecimal() and not path.name.startswith("."):
            raise UserError(
                f"`output`={folder} holds other files than versions ({path.name}); "
                "name a new folder."
            )
    newest = folder / str(max(_versions(folder), default=0))
    found = difference(kind, read_kind(newest))
    if found:
        raise UserError(
            f"`output`={folder} holds versions of another model ({newest}: {found}); "
            "name a new folder."
        )


def _rename(content, folder):
    while True:
        version = folder / str(max(_versions(folder), default=0) + 1)
        try:
            return content.rename(version)
        except OSError:
            # Another process may have taken this number meanwhile.
            if not version.exists():
                raise
