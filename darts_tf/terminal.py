"""Standard streams and interruptions of a program, under a terminal or a scheduler."""

import io
import os
import sys


def prepare_terminal() -> None:
    """Settles standard streams and interruptions; comes before long imports.

    A stream that is closed, as `cron` may leave it, takes what is printed and drops it.
    A name that the stream cannot encode is printed with escapes. Ctrl-C ends the
    process with a word instead of a traceback, wherever nothing else has been said.
    """
    # In the order of their descriptors: a new file takes the smallest that is free, and
    # no other file of the program may get one of these.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # The stream stays open for as long as the process lives.
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.excepthook = _without_traceback_of_interruptions


def _without_traceback_of_interruptions(kind, error, traceback):
    if issubclass(kind, KeyboardInterrupt):
        print("\nInterrupted.", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, traceback)
