"""The list of the parts that have ended, which is the state of a protocol."""

import json
from pathlib import Path

from darts_tf.atomic_file import write_atomically
from darts_tf.protocol.part import Part
from darts_tf.run_layout import CONFIG_FILE
from darts_tf.runs.run_config import damaged, read_json

PARTS_FILE = "parts.json"


class EndedParts:
    """The parts of a protocol whose programs have ended well.

    A part counts as long as its folder is there.

    Args:
        folder: The folder of the protocol.

    Raises:
        UserError: If the list is damaged.
    """

    def __init__(self, folder: Path):
        self._folder, self._path = folder, folder / PARTS_FILE
        self._names = read_json(self._path) if self._path.exists() else []
        are_names = isinstance(self._names, list) and all(
            isinstance(name, str) for name in self._names
        )
        if not are_names:
            raise damaged(self._path, "a list of names", "something else")

    def __contains__(self, part: Part) -> bool:
        is_there = (self._folder / part.name / CONFIG_FILE).exists()
        return part.name in self._names and is_there

    def add(self, part: Part) -> None:
        """Writes down that a part has ended."""
        self._names = sorted({*self._names, part.name})
        write_atomically(self._path, json.dumps(self._names, indent=1) + "\n")
