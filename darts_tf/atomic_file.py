"""Files that are never half written."""

import contextlib
import os
import secrets
from pathlib import Path

# Pattern of the files that a killed process may leave beside a whole one.
TEMPORARY_FILES = ".*.tmp"


def write_atomically(path: str | os.PathLike, content: bytes | str) -> Path:
    """Writes a file: at every moment the old one or the whole new one is there.

    Args:
        path: The file; its folder is made if need be.
        content: Bytes, or text that is written as UTF-8.

    Returns:
        The path.

    Raises:
        OSError: If it cannot be written; it names `path`.
    """
    path = Path(path)
    if isinstance(content, str):
        content = content.encode()
    # The name cannot be guessed, so that nobody puts a link there before.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(temporary, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        sync(path.parent)
    except OSError as error:
        # A user knows this file, but not the temporary one that an error may name; that
        # of a full disk names none.
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
    return path


def sync(path: str | os.PathLike) -> None:
    """Makes what a file or a folder holds outlast a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
