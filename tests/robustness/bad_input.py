"""What a trainer has to refuse in one line."""

import dataclasses
import re
import stat
from collections.abc import Callable

from tests.robustness import limited_process
from tests.robustness.tiny_runs import RIVALS, TRAINERS, name_of, tiny_command
from trainers import export, import_weights, measure_latency

_LONGEST_LINE = 1000
# What `absl` says after an error of a flag, and warnings that come before any other: of
# TFDS about itself, and of checkpoints that are passed over.
_NO_COMPLAINT = re.compile(
    r"Pass --help|W\d{4} .* (feature|file_utils|checkpoint)\.py:\d+\] "
)
_OTHERS = (export, import_weights, measure_latency)
_MODULES = {name_of(module): module for module in (*TRAINERS, *RIVALS, *_OTHERS)}
_BASE = {
    "export": ("--output={tmp}/out",),
    "import_weights": ("--output={tmp}/out.keras", "--genotype={inputs}/cells.json"),
    "measure_latency": ("--output={tmp}/out.json",),
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
        lines = _complaints(errors)
        assert exit_code in (1, 2) and len(lines) == 1, f"{exit_code}: {errors[-800:]}"
        line = lines[0]
        assert self.message in line, line
        assert line.isprintable() and len(line) < _LONGEST_LINE
        assert _contents(tmp) == before
        return line

    def _run(self, inputs, tmp):
        flags = self._base() + self.arguments
        return limited_process.run(
            _MODULES[self.trainer],
            *(flag.format(tmp=tmp, inputs=inputs) for flag in flags),
            environment=self.environment,
            folder=tmp,
        )

    def _base(self):
        if self.trainer in _BASE:
            return _BASE[self.trainer]
        flags = tiny_command(_MODULES[self.trainer], "{inputs}", epochs=2)
        return (*flags, "--output={tmp}/out")


def _complaints(errors):
    """The lines that say what is wrong."""
    lines = [line for line in errors.splitlines() if line.strip()]
    if "flags:" in lines:
        # The usage stands before what is wrong with it.
        return lines[-1:]
    return [line for line in lines if not _NO_COMPLAINT.match(line)]


def _contents(folder):
    """What lies in a folder: bytes of files, and the kind of all others."""
    found = {}
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        found[path] = path.read_bytes() if stat.S_ISREG(mode) else stat.S_IFMT(mode)
    return found
