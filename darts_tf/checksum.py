"""Numbers that tell arrays apart."""

import zlib
from collections.abc import Iterable

import numpy as np


def checksum(arrays: Iterable[np.ndarray | bytes]) -> int:
    """Returns a number that differs where any of some arrays does.

    It is the same in every process and on every machine.

    Args:
        arrays: Iterable of numpy arrays or bytes.
    """
    total = 0
    for array in arrays:
        array = np.ascontiguousarray(array)
        # Type and shape count as well, since words might move unseen from the end of
        # one text to the start of the next.
        total = zlib.crc32(f"{array.dtype.str}{array.shape}".encode(), total)
        total = zlib.crc32(array, total)
    return total
