"""Unpickles what describes a PyTorch model, without PyTorch, and without trusting it.

A pickle may name any function to be called. Here it can name what builds tensors and
dictionaries, and the classes of a pickled model, for which plain records stand; for
anything else it is refused before a call.
"""

import io
import pickle
from typing import Any, BinaryIO, NamedTuple

from darts_tf.errors import UserError
from darts_tf.weights.pickle_cost import check_pickle

_DTYPES = {
    "DoubleStorage": "float64",
    "FloatStorage": "float32",
    "HalfStorage": "float16",
    "LongStorage": "int64",
    "IntStorage": "int32",
    "ShortStorage": "int16",
    "CharStorage": "int8",
    "ByteStorage": "uint8",
    "BoolStorage": "bool",
}
_MOST_DIMENSIONS = 32


class Storage(NamedTuple):
    """Numbers that tensors share."""

    dtype: str
    key: str
    size: int


class Tensor(NamedTuple):
    """A view of a storage; offset and strides in elements."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def __setstate__(self, state):
        """Takes what PyTorch 0.3 says of gradients."""


class _Dictionary(dict):
    """Stands for `OrderedDict`, without the attributes that PyTorch hangs on it.

    Args:
        items: List of pairs, as Python 2 writes it. It is emptied: copied again and
            again, a short list would fill the memory.
    """

    def __init__(self, items=()):
        if any(not isinstance(key, str | int) for key, _ in items):
            raise ValueError("a key is neither text nor a number")
        super().__init__(items)
        if items:
            items.clear()

    def __setstate__(self, state):
        pass


class Record:
    """Stands for every object of a class that only its author's code knows.

    Attributes:
        state: Its attributes by name, if the pickle gives it any.
    """

    __slots__ = ("state",)

    def __new__(cls, *unused):
        return super().__new__(cls)

    def __init__(self, *unused: object):
        self.state = None

    def __setstate__(self, state):
        self.state = state


def _is_size(n):
    return type(n) is int and 0 <= n < 2**63


# The builders are objects without attributes, which a pickle cannot change.
class _RebuildTensor:
    __slots__ = ()

    def __call__(self, storage, offset, shape, strides, *unused):
        valid = isinstance(storage, Storage)
        valid &= len(shape) == len(strides) <= _MOST_DIMENSIONS
        if not valid or not all(map(_is_size, (offset, *shape, *strides))):
            raise ValueError("a tensor is malformed")
        return Tensor(storage, offset, tuple(shape), tuple(strides))


class _RebuildParameter:
    __slots__ = ()

    def __call__(self, tensor, *unused):
        return tensor


_GLOBALS = {
    ("collections", "OrderedDict"): _Dictionary,
    ("torch._utils", "_rebuild_tensor"): _RebuildTensor(),
    ("torch._utils", "_rebuild_tensor_v2"): _RebuildTensor(),
    ("torch._utils", "_rebuild_parameter"): _RebuildParameter(),
    ("torch.autograd.variable", "Variable"): _RebuildParameter(),
    ("torch.nn.parameter", "Parameter"): _RebuildParameter(),
    **{
        (module, name): dtype
        for module in ("torch", "torch.cuda")
        for name, dtype in _DTYPES.items()
    },
    **{
        (module, name): Record
        for module in ("builtins", "__builtin__")
        for name in ("set", "range", "xrange")
    },
}
# Modules of the authors' recurrent code, and PyTorch's layers. None is ever imported.
_RECORDED_MODULES = ("genotypes", "model", "utils")
_RECORDED_PACKAGE = "torch.nn."


class _Unpickler(pickle.Unpickler):
    """Unpickler that knows `_GLOBALS` and notes the storages that it meets."""

    def __init__(self, file):
        super().__init__(file)
        self.storages = {}

    def find_class(self, module, name):
        if (module, name) in _GLOBALS:
            return _GLOBALS[module, name]
        if module in _RECORDED_MODULES or module.startswith(_RECORDED_PACKAGE):
            return Record
        raise UserError(
            f"asks for {module}.{name}, but only tensors, numbers, text, containers "
            "and layers are read; nothing in it was run."
        )

    def persistent_load(self, pid):
        if pid[:2] == ("module", Record):
            return Record  # what follows in `pid` is the source code of the class
        kind, dtype, key, _, size, *view = pid
        known = kind == "storage" and dtype in _DTYPES.values()
        if not known or type(key) is not str or type(size) is not int or any(view):
            raise ValueError("a storage is malformed")
        return self.storages.setdefault(key, Storage(dtype, key, size))


def unpickle(file: BinaryIO) -> Any:
    """Reads the pickle at the position of a file; returns value and storages."""
    start = file.tell()
    check_pickle(file)
    end = file.tell()
    file.seek(start)
    unpickler = _Unpickler(io.BytesIO(file.read(end - start)))
    return unpickler.load(), unpickler.storages
