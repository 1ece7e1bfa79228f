"""The walk over the parts of a protocol: each a process, several of them at a time."""

import contextlib
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from darts_tf.child_process import end_processes, start_module
from darts_tf.errors import UserError, printable
from darts_tf.protocol.ended_parts import EndedParts
from darts_tf.protocol.part import Part
from darts_tf.protocol.part_settings import flags_of
from darts_tf.protocol.progress_bar import ProgressBar

LOG_FOLDER = "logs"
# Seconds: between two looks at what is running, and for a part to end after SIGTERM,
# which it does with its step.
_PAUSE, _PATIENCE = 0.2, 120.0
_TAIL = 4000


class _Running(NamedTuple):
    part: Part
    process: subprocess.Popen
    start: float


def walk(
    parts: Sequence[Part],
    folder: Path,
    slots: Sequence[Mapping[str, str]],
    bar: ProgressBar,
) -> None:
    """Runs all parts that have not ended, each when those that it awaits have.

    Args:
        parts: The parts; of those that could begin, the first one does.
        folder: The folder of the protocol.
        slots: Variables of the environment of each of the parts that run at a time.
        bar: What is told of the progress.

    Raises:
        UserError: If a part fails; those that run are ended then, and go on where they
            were when the protocol is continued.
    """
    going = _Walk(parts, folder, slots, bar)
    try:
        while going.is_left():
            going.begin()
            going.look()
            time.sleep(_PAUSE)
    finally:
        going.end()


class _Walk:
    """The state of a walk."""

    def __init__(self, parts, folder, slots, bar):
        self._folder, self._bar = folder, bar
        self._ended = EndedParts(folder)
        self._done = {part.name for part in parts if part in self._ended}
        self._waiting = [part for part in parts if part.name not in self._done]
        self._slots, self._free = slots, [*range(len(slots))]
        self._running: dict[int, _Running] = {}
        self._show()

    def is_left(self) -> bool:
        """Whether a part waits or runs."""
        return bool(self._waiting or self._running)

    def begin(self) -> None:
        """Begins parts while there is room for one."""
        for part in list(self._waiting):
            if self._free and self._done.issuperset(part.awaits):
                self._waiting.remove(part)
                self._begin(part)
        self._show()

    def _begin(self, part):
        settings = part.all_settings(self._folder)
        if settings is None:  # there are no such cells
            self._done.add(part.name)
            return
        slot = self._free.pop(0)
        flags = flags_of({**settings, "output": str(self._folder / part.name)})
        environment = self._slots[slot]
        process = start_module(part.program.module, flags, self._log(part), environment)
        self._running[slot] = _Running(part, process, time.monotonic())

    def look(self) -> None:
        """Takes note of the parts that have ended."""
        for slot, (part, process, start) in list(self._running.items()):
            code = process.poll()
            if code is None:
                continue
            del self._running[slot]
            self._free.append(slot)
            if code:
                raise self._failure(part, code)
            self._ended.add(part)
            self._done.add(part.name)
            self._bar.line(part.name, time.monotonic() - start)

    def end(self) -> None:
        """Ends what runs."""
        end_processes([x.process for x in self._running.values()], _PATIENCE)
        self._bar.end()

    def _show(self):
        self._bar.show(len(self._done), len(self._running))

    def _failure(self, part, code) -> UserError:
        log = self._log(part)
        reason = _last_words(log, part.program.module)
        return UserError(
            f"{part.name} has ended with exit code {code}: {reason} See {log}."
        )

    def _log(self, part) -> Path:
        return self._folder / LOG_FOLDER / f"{part.name}.log"


def _last_words(log: Path, module: str) -> str:
    """What a program has printed last, which says why it has ended."""
    text = ""
    with contextlib.suppress(OSError):
        text = log.read_bytes()[-_TAIL:].decode(errors="replace")
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return "it has printed nothing."
    # The name of the program may follow on a bar that was not ended.
    _, name, reason = lines[-1].rpartition(f"{module}: ")
    return printable(f"{name}{reason}".strip())
