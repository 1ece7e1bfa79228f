"""The log of a search by trials, which is its state: lines are only ever added."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from darts_tf.atomic_file import sync
from darts_tf.runs.run_config import damaged

_CHECK = "check"
_DIGITS = 16
_START = "0" * _DIGITS


class TrialLog:
    """A file of one JSON object a line.

    The last entry of a line is a checksum of it and of all lines before it, so that a
    line that was changed, left out or moved is noticed. What a process that was killed
    has left of a last line is dropped.

    Args:
        path: The file; it is made with the first line.

    Attributes:
        events: The objects, without their checksums.

    Raises:
        RunFolderError: If a line is not as it was written; the message names it.
    """

    def __init__(self, path: str | os.PathLike):
        self.path = Path(path)
        self.events: list[dict[str, Any]] = []
        self._check = _START
        content = self.path.read_bytes() if self.path.exists() else b""
        self._length = content.rfind(b"\n") + 1
        for number, line in enumerate(content[: self._length].splitlines(), 1):
            self.events.append(self._read(number, line))

    def append(self, event: Mapping[str, Any]) -> None:
        """Adds a line, which outlasts the process and the machine from then on.

        Args:
            event: What JSON can hold.

        Raises:
            RunFolderError: If the file is another one by now.
        """
        event = json.loads(json.dumps(event, allow_nan=False))
        check = _checksum(self._check, event)
        line = json.dumps({**event, _CHECK: check}).encode() + b"\n"
        with open(self.path, "ab") as file:
            if file.tell() < self._length:
                raise damaged(self.path, "what the run has written", "less than that")
            # What is left of a line that was cut off goes with the first new one.
            file.truncate(self._length)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        if not self._length:
            sync(self.path.parent)
        self._length += len(line)
        self._check = check
        self.events.append(event)

    def _read(self, number, line):
        try:
            event = json.loads(line)
            found = event.pop(_CHECK)
        except (ValueError, RecursionError, LookupError, AttributeError, TypeError):
            event, found = None, None
        if event is None or found != _checksum(self._check, event):
            raise damaged(
                self.path,
                f"line {number} as the run wrote it",
                "another one; put that back, or name a new folder",
            )
        self._check = found
        return event


def _checksum(before, event):
    text = before + json.dumps(event, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
