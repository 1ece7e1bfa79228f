"""Kernels of a program that XLA compiled for a GPU, read from its text."""

import math
import re
from collections import Counter
from typing import NamedTuple

# Instructions for which no kernel runs.
_FREE = {
    *("parameter", "constant", "tuple", "get-tuple-element", "bitcast", "after-all"),
    *("partition-id", "replica-id", "opt-barrier"),
}
# Instruction -> the attribute that names the computation which it runs.
_CALLS = {"call": "to_apply", "while": "body", "async-start": "calls"}
_BYTES = {"pred": 1, "c64": 8, "c128": 16}
_SMALL = 2**20

_COMPUTATION = re.compile(r"(ENTRY )?%?([\w.\-]+) \(.*\) -> .* \{$")
_INSTRUCTION = re.compile(r"\s+(?:ROOT )?%?([\w.\-]+) = (.*?) ([a-z][\w\-]*)\((.*)$")
_ARRAY = re.compile(r"\b([a-z]\w*)\[([\d,]*)\]")
_NAME = re.compile(r"%([\w.\-]+)")


class ProgramKernels(NamedTuple):
    """Counts of one execution of a program.

    Attributes:
        kernels: Number of kernels by kind of instruction; a call of a library counts as
            one. A loop counts as one round.
        bytes: Sizes of all arrays that they read and write, each time they do.
        small: Number of kernels that read and write less than 2^20 bytes.
    """

    kernels: Counter
    bytes: int
    small: int

    def plus(self, other):
        """Returns the sum of these counts and of others."""
        return ProgramKernels(*(a + b for a, b in zip(self, other)))


def program_kernels(text):
    """Counts the kernels of a program.

    Args:
        text: Optimized HLO, as `jax.stages.Compiled.as_text` gives it.

    Returns:
        `ProgramKernels`.

    Raises:
        ValueError: If the text is no program.
    """
    entry, computations = None, {}
    instructions = []
    for line in text.splitlines():
        if found := _COMPUTATION.match(line):
            instructions = computations.setdefault(found[2], [])
            entry = found[2] if found[1] else entry
        elif found := _INSTRUCTION.match(line):
            instructions.append(found.groups())
    if entry is None:
        raise ValueError("Expected the text of an HLO module, with an ENTRY.")
    return _kernels_of(entry, computations)


def _kernels_of(name, computations):
    sizes, counts = {}, ProgramKernels(Counter(), 0, 0)
    for result, shape, kind, rest in computations[name]:
        sizes[result] = _size(shape)
        if kind in _CALLS:
            called = re.search(rf"{_CALLS[kind]}=%?([\w.\-]+)", rest)[1]
            counts = counts.plus(_kernels_of(called, computations))
        elif kind not in _FREE and not kind.endswith("-done"):
            operands = _NAME.findall(rest.partition("), ")[0])
            moved = sizes[result] + sum(sizes.get(x, 0) for x in operands)
            small = int(moved < _SMALL)
            counts = counts.plus(ProgramKernels(Counter([kind]), moved, small))
    return counts


def _size(shape):
    """Bytes of an array, or of all arrays of a tuple."""
    return sum(
        _item_bytes(dtype) * math.prod(int(x) for x in dims.split(",") if x)
        for dtype, dims in _ARRAY.findall(shape)
    )


def _item_bytes(dtype):
    bits = re.search(r"\d+", dtype)
    return _BYTES.get(dtype) or (int(bits[0]) // 8 if bits else 0)
