"""What a trainer has to refuse in one line, within a time and a memory."""

import dataclasses
import functools
import os
import resource
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.robustness.tiny_runs import TRAINERS, name_of, tiny_command
from tests.trainers import trainer_process
from trainers import export, import_weights

SECONDS, BYTES = 60, 16 * 2**30
_LONGEST_LINE = 1000
_FLAGS_ERROR, _HINT = "FATAL Flags parsing error:", "Pass --help"
_MODULES = {name_of(module): module for module in (*TRAINERS, export, import_weights)}
_BASE = {
    "export": ("--output={tmp}/out",),
    "import_weights": ("--output={tmp}/out.keras", "--genotype={inputs}/cells.json"),
}


@dataclasses.dataclass(frozen=True)
class BadInput:
    """A command that must end in one line, and leave all files as they are.

    Attributes:
        name: What is wrong.
        trainer: Name of the module.
        arguments: Added to a sound command, with `--output={tmp}/out`; `{tmp}` stands
            for the folder that `prepare` fills, `{inputs}` for `Materials.inputs`.
        message: What the line says, among other things.
        prepare: Function of the `Materials` and that folder.
        environment: Variables of the process.
    """

    name: str
    trainer: str
    arguments: tuple[str, ...]
    message: str
    prepare: Callable = lambda materials, tmp: None
    environment: dict[str, str] = dataclasses.field(default_factory=dict)

    def check(self, materials, tmp):
        """Runs the command and asserts all that; returns the line."""
        self.prepare(materials, tmp)
        before = _contents(tmp)
        exit_code, errors = self._run(materials.inputs, tmp)
        assert exit_code in (1, 2), f"exit code {exit_code}: {errors}"
        (line,) = _complaints(errors)
        assert self.message in line
        assert line.isprintable() and len(line) < _LONGEST_LINE
        assert _contents(tmp) == before
        return line

    def _run(self, inputs, tmp):
        """Returns the exit code, `None` after `SECONDS`, and what was printed."""
        flags = self._base() + self.arguments
        with tempfile.TemporaryDirectory() as logs:
            process = trainer_process.start(
                logs,
                _MODULES[self.trainer],
                *(flag.format(tmp=tmp, inputs=inputs) for flag in flags),
                before=functools.partial(_surround, self.environment, str(tmp)),
            )
            process.join(SECONDS)
            exit_code = process.exitcode
            process.kill()
            process.join()
            return exit_code, Path(logs, "stderr").read_text("utf-8")

    def _base(self):
        if self.trainer in _BASE:
            return _BASE[self.trainer]
        flags = tiny_command(_MODULES[self.trainer], "{inputs}", epochs=2)
        return (*flags, "--output={tmp}/out")


def _surround(environment, folder):
    os.environ.update(environment)
    sys.path.insert(0, folder)
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


def _complaints(errors):
    """The lines that a user reads, without the hints of `absl`."""
    lines = [line for line in errors.splitlines() if line.strip()]
    if _FLAGS_ERROR in lines:
        return [x for x in lines if x != _FLAGS_ERROR and not x.startswith(_HINT)]
    if "flags:" in lines:
        # The usage stands before what is wrong with it.
        return lines[-1:]
    return lines


def _contents(folder):
    """What lies in a folder: bytes of files, and the kind of all others."""
    found = {}
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        found[path] = path.read_bytes() if stat.S_ISREG(mode) else stat.S_IFMT(mode)
    return found
