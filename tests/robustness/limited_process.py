"""Trainers in processes that have a time and a memory."""

import functools
import os
import resource
import sys
import tempfile
from pathlib import Path

from tests.trainers import trainer_process

SECONDS, BYTES = 60, 16 * 2**30


def run(trainer, *arguments, environment, folder):
    """Runs a trainer that may take `SECONDS` and `BYTES` of address space.

    Args:
        trainer: The module.
        *arguments: Of the command line.
        environment: Variables that are set first.
        folder: Where it finds modules of a user.

    Returns:
        The exit code, negative for a signal, that of SIGKILL after `SECONDS`; and what
        it printed to standard error.
    """
    before = functools.partial(_prepare, environment, str(folder))
    with tempfile.TemporaryDirectory() as logs:
        process = trainer_process.start(logs, trainer, *arguments, before=before)
        process.join(SECONDS)
        process.kill()
        process.join()
        return process.exitcode, Path(logs, "stderr").read_text("utf-8")


def _prepare(environment, folder):
    os.environ.update(environment)
    sys.path.insert(0, folder)
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
