"""Reads PyTorch's checkpoints without PyTorch, and without trusting them.

A checkpoint is a pickle, which may name any function to be called. Here it can name
what builds tensors and dictionaries, and the classes of a pickled model, for which
plain records stand; for anything else it is refused before a call. It only ever
describes tensors: their numbers are read after the pickle, with all bounds checked.
"""

import io
import math
import os
import pickle
import pickletools
import reprlib
import struct
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from darts_tf.errors import UserError

_ZIP_MAGIC = b"PK"
_LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
_LEGACY_VERSION = 1001
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


def read_state_dict(path: str | os.PathLike) -> dict[str, np.ndarray]:
    """Reads the tensors of a model from a checkpoint.

    Args:
        path: A file that `torch.save` wrote, in the zip format of today or in the
            legacy format of PyTorch before 1.6: a dictionary of tensors, one with
            such a dictionary as its `state_dict`, or a whole model.

    Returns:
        Dictionary of arrays by name, without `module.` before all names.

    Raises:
        UserError: If the file is damaged, no such checkpoint, or asks for anything
            but tensors and containers.
        OSError: If it cannot be read.
    """
    content = Path(path).read_bytes()
    is_zip = content.startswith(_ZIP_MAGIC)
    try:
        root, numbers = (_read_zip if is_zip else _read_legacy)(content)
        return _named_arrays(root, numbers)
    except UserError as error:
        raise UserError(f"The checkpoint {path} {error}") from error
    except Exception as error:  # a damaged pickle may raise anything
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise UserError(
            f"The checkpoint {path} is damaged or none of PyTorch: {reason}."
        ) from error


class _Storage(NamedTuple):
    """Numbers that tensors share."""

    dtype: str
    key: str
    size: int


class _Tensor(NamedTuple):
    """A view of a storage; offset and strides in elements."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def __setstate__(self, state):
        """Takes what PyTorch 0.3 says of gradients."""


class _Dictionary(dict):
    """Stands for `OrderedDict`, without the attributes that PyTorch hangs on it."""

    def __setstate__(self, state):
        pass


class _Record:
    """Stands for every object of a class that only its author's code knows.

    Attributes:
        state: Its attributes by name, if the pickle gives it any.
    """

    __slots__ = ("state",)

    def __new__(cls, *unused):
        return super().__new__(cls)

    def __init__(self, *unused):
        self.state = None

    def __setstate__(self, state):
        self.state = state


# The builders are objects without attributes, which a pickle cannot change.
class _RebuildTensor:
    __slots__ = ()

    def __call__(self, storage, offset, shape, strides, *unused):
        numbers = (offset, *shape, *strides)
        valid = isinstance(storage, _Storage) and len(shape) == len(strides)
        if not valid or any(type(n) is not int or n < 0 for n in numbers):
            raise ValueError("a tensor is malformed")
        return _Tensor(storage, offset, tuple(shape), tuple(strides))


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
        (module, name): _Record
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
            return _Record
        raise UserError(
            f"asks for {module}.{name}, but only tensors, numbers, text, containers "
            "and layers are read; nothing in it was run."
        )

    def persistent_load(self, pid):
        if pid[:2] == ("module", _Record):
            return _Record  # what follows in `pid` is the source code of the class
        kind, dtype, key, _, size, *view = pid
        known = kind == "storage" and dtype in _DTYPES.values()
        if not known or type(key) is not str or type(size) is not int or any(view):
            raise ValueError("a storage is malformed")
        return self.storages.setdefault(key, _Storage(dtype, key, size))


def _unpickle(file):
    """Reads the pickle at the position of a file; returns value and storages."""
    start = file.tell()
    for count, (opcode, argument, _) in enumerate(pickletools.genops(file)):
        # Python makes room for as many values as the largest index says.
        if "PUT" in opcode.name and argument > count:
            raise ValueError("the pickle's memory is too large")
    end = file.tell()
    file.seek(start)
    unpickler = _Unpickler(io.BytesIO(file.read(end - start)))
    return unpickler.load(), unpickler.storages


def _read_zip(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if any(i.compress_type != zipfile.ZIP_STORED for i in archive.infolist()):
            raise ValueError("it is compressed")
        names = archive.namelist()
        (pickled,) = (n for n in names if n.count("/") == 1 and n.endswith("/data.pkl"))
        folder = pickled.removesuffix("data.pkl")
        order = f"{folder}byteorder"
        big = order in names and archive.read(order) == b"big"
        root, storages = _unpickle(io.BytesIO(archive.read(pickled)))
        numbers = {
            key: _numbers(storage, archive.read(f"{folder}data/{key}"), big)
            for key, storage in storages.items()
        }
    return root, numbers


def _read_legacy(content):
    """Magic number, version, system, value, keys of storages, then their numbers."""
    file = io.BytesIO(content)
    magic, _ = _unpickle(file)
    version, _ = _unpickle(file)
    system, _ = _unpickle(file)
    if magic != _LEGACY_MAGIC or version != _LEGACY_VERSION:
        raise ValueError("it begins otherwise")
    root, storages = _unpickle(file)
    keys, _ = _unpickle(file)
    numbers = {}
    for key in keys:
        storage = storages[key]
        if struct.unpack("<q", file.read(8)) != (storage.size,):
            raise ValueError("a storage has another size than expected")
        size = storage.size * np.dtype(storage.dtype).itemsize
        numbers[key] = _numbers(storage, file.read(size), not system["little_endian"])
    return root, numbers


def _numbers(storage, content, big):
    dtype = np.dtype(storage.dtype).newbyteorder(">" if big else "<")
    if len(content) != storage.size * dtype.itemsize:
        raise ValueError("it ends too early")
    return np.frombuffer(content, dtype)


def _module_tensors(module, prefix, seen):
    """Yields the tensors of a pickled model by the names that a state dict has."""
    if id(module) in seen:
        raise ValueError("a module is inside another twice")
    seen.add(id(module))
    for kind in ("_parameters", "_buffers"):
        for name, tensor in module.state[kind].items():
            if tensor is not None:
                yield f"{prefix}{name}", tensor
    for name, child in module.state["_modules"].items():
        yield from _module_tensors(child, f"{prefix}{name}.", seen)


def _named_arrays(root, numbers):
    if isinstance(root, _Record):
        root = dict(_module_tensors(root, "", set()))
    if isinstance(root, dict) and isinstance(root.get("state_dict"), dict):
        root = root["state_dict"]
    if not isinstance(root, dict):
        raise UserError("holds no dictionary of tensors.")
    for name, value in root.items():
        if not isinstance(name, str) or not isinstance(value, _Tensor):
            raise UserError(
                "holds something else than tensors by name: "
                f"{reprlib.repr(name)} is a {type(value).__name__}."
            )
    parallel = all(name.startswith("module.") for name in root)
    return {
        name.removeprefix("module.") if parallel else name: _array(
            tensor, numbers[tensor.storage.key]
        )
        for name, tensor in root.items()
    }


def _array(tensor, numbers):
    if math.prod(tensor.shape) > numbers.size:
        raise ValueError("a tensor is larger than its storage")
    width = numbers.itemsize
    # NumPy refuses what lies outside the buffer.
    return np.ndarray(
        tensor.shape,
        numbers.dtype,
        numbers.data,
        tensor.offset * width,
        [stride * width for stride in tensor.strides],
    )
