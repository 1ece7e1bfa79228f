"""The progress of a protocol: a bar on a terminal, and a line for each ended part."""

import sys
from collections.abc import Callable
from typing import TextIO

_WIDTH = 30


class ProgressBar:
    """Says how many parts have ended.

    Args:
        count: Number of all parts.
        outcome: Function of the name of an ended part that says what it has found.
        stream: Where to; what is no terminal gets lines alone.
    """

    def __init__(
        self, count: int, outcome: Callable[[str], str], stream: TextIO | None = None
    ):
        self._count, self._outcome = count, outcome
        self._stream = stream or sys.stdout
        self._is_terminal = self._stream.isatty()
        self._text = ""

    def show(self, done: int, running: int) -> None:
        """Draws the bar.

        Args:
            done: Number of parts that have ended.
            running: Number of those that run.
        """
        filled = _WIDTH * done // self._count
        bar = "#" * filled + "." * (_WIDTH - filled)
        self._text = f"[{bar}] {done} of {self._count} parts, {running} running"
        self._draw()

    def line(self, name: str, seconds: float) -> None:
        """Prints the line of a part that has ended.

        Args:
            name: Its name.
            seconds: How long its process took.
        """
        self._erase()
        print(
            f"{name}: {self._outcome(name)}, {seconds / 60:.1f} min",
            file=self._stream,
            flush=True,
        )
        self._draw()

    def end(self) -> None:
        """Takes the bar away."""
        self._erase()

    def _draw(self):
        if self._is_terminal:
            print(f"\r{self._text}", end="", file=self._stream, flush=True)

    def _erase(self):
        if self._is_terminal:
            blank = " " * len(self._text)
            print(f"\r{blank}\r", end="", file=self._stream, flush=True)
