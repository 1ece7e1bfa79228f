"""A check of pickles for small ones that would cost Python years to read.

A key of a dictionary is hashed with all that it holds. A pair of twice the same pair,
forty times over, is a file of 400 bytes and 2**40 hashes.
"""

import pickletools
from typing import BinaryIO

# Most bits of a number; only that by which PyTorch's legacy format begins has more.
_MOST_BITS = 64
LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
_MARK = pickletools.markobject
_SCALARS = (
    pickletools.pyint,
    pickletools.pyinteger_or_bool,
    pickletools.pybool,
    pickletools.pyfloat,
    pickletools.pybytes_or_str,
    pickletools.pybytes,
    pickletools.pyunicode,
    pickletools.pynone,
)
# Which of the values that an opcode takes from the stack are hashed.
_HASHED = {
    "SETITEM": slice(1, 2),
    "SETITEMS": slice(0, None, 2),
    "DICT": slice(0, None, 2),
    "ADDITEMS": slice(None),
    "FROZENSET": slice(None),
}
_GETS = ("GET", "BINGET", "LONG_BINGET")


def check_pickle(file: BinaryIO) -> None:
    """Reads over a pickle, to the end of it, without doing what it says.

    Args:
        file: Binary file at the start of the pickle.

    Raises:
        ValueError: If it is malformed, or would take up time or memory out of all
            proportion to its length.
    """
    stack = _Stack()
    for count, (opcode, argument, _) in enumerate(pickletools.genops(file)):
        too_long = isinstance(argument, int) and argument.bit_length() > _MOST_BITS
        if too_long and argument != LEGACY_MAGIC:
            raise ValueError("a number is too long")
        # Python makes room for as many values as the largest index says.
        if "PUT" in opcode.name and argument > count:
            raise ValueError("the pickle's memory is too large")
        stack.apply(opcode, argument)


class _Stack:
    """The kinds of the values on a pickle's stack, as `pickletools` names them."""

    def __init__(self):
        self.kinds, self.below_marks, self.memory = [], [], {}

    def apply(self, opcode, argument):
        """Does to the kinds what an opcode does to the values."""
        if opcode.name == "MEMOIZE" or "PUT" in opcode.name:
            index = len(self.memory) if argument is None else argument
            self.memory[index] = self.kinds[-1]
        elif opcode.name in _GETS:
            self.kinds.append(self.memory[argument])
        elif opcode.name == "MARK":
            self.below_marks.append(self.kinds)
            self.kinds = []
        elif opcode.name == "POP" and not self.kinds:
            self.kinds = self.below_marks.pop()
        else:
            hashed = self._take(opcode.stack_before)[_HASHED.get(opcode.name, slice(0))]
            if any(kind not in _SCALARS for kind in hashed):
                raise ValueError("a key is neither text nor a number")
            self.kinds.extend(opcode.stack_after)

    def _take(self, expected):
        """Removes what an opcode expects; returns it, or what lay above the mark."""
        taken = None
        if _MARK in expected:
            taken, self.kinds = self.kinds, self.below_marks.pop()
            expected = expected[: expected.index(_MARK)]
        rest = len(self.kinds) - len(expected)
        if rest < 0:
            raise ValueError("the pickle takes more than it gave")
        below = self.kinds[rest:]
        del self.kinds[rest:]
        return below if taken is None else taken
