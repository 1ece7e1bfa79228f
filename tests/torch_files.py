"""Writes files as `torch.save` does, without PyTorch."""

import contextlib
import io
import pickle
import sys
import types
import zipfile
from collections import OrderedDict

import numpy as np

LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
STORAGES = {
    "float64": "DoubleStorage",
    "float32": "FloatStorage",
    "float16": "HalfStorage",
    "int64": "LongStorage",
    "uint8": "ByteStorage",
    "bool": "BoolStorage",
}


class Tensor:
    """An array that is pickled as PyTorch pickles a tensor.

    A `storage` that is given is one for all tensors that it is given to.
    """

    def __init__(self, array, shape=None, strides=None, offset=0, storage=None):
        self.storage = storage or Storage(np.ascontiguousarray(array))
        self.array = np.ascontiguousarray(array)
        self.shape = self.array.shape if shape is None else shape
        width = self.array.itemsize
        own = tuple(stride // width for stride in self.array.strides)
        self.strides = own if strides is None else strides
        self.offset = offset

    def __reduce__(self):
        rebuild = sys.modules["torch._utils"]._rebuild_tensor_v2
        arguments = (self.offset, self.shape, self.strides, False, OrderedDict())
        return rebuild, (self.storage, *arguments)


class Storage:
    def __init__(self, array):
        self.array = array


class _Pickler(pickle.Pickler):
    def __init__(self, file, protocol):
        super().__init__(file, protocol)
        self.storages = []

    def persistent_id(self, value):
        if not isinstance(value, Storage):
            return None
        if value not in self.storages:
            self.storages.append(value)
        array, key = value.array, str(self.storages.index(value))
        kind = getattr(sys.modules["torch"], STORAGES[array.dtype.name])
        return ("storage", kind, key, "cpu", array.size)


@contextlib.contextmanager
def _torch_modules():
    """Modules whose functions and classes pickle by the names that PyTorch's have."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")

    def _rebuild_tensor_v2():
        raise NotImplementedError

    _rebuild_tensor_v2.__module__ = "torch._utils"
    _rebuild_tensor_v2.__qualname__ = "_rebuild_tensor_v2"
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2
    for name in STORAGES.values():
        setattr(torch, name, type(name, (), {"__module__": "torch"}))
    modules = {"torch": torch, "torch._utils": utils}
    sys.modules |= modules
    try:
        yield
    finally:
        for name in modules:
            del sys.modules[name]


def pickled(value, protocol=2):
    """Returns the pickle of a value and the arrays of its storages."""
    file = io.BytesIO()
    with _torch_modules():
        pickler = _Pickler(file, protocol)
        pickler.dump(value)
    return file.getvalue(), [storage.array for storage in pickler.storages]


def zip_file(pickle_bytes, arrays=(), byte_order="little", **options):
    """Returns the content of a file in today's format."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", **options) as archive:
        archive.writestr("model/data.pkl", pickle_bytes)
        archive.writestr("model/byteorder", byte_order)
        for key, array in enumerate(arrays):
            archive.writestr(f"model/data/{key}", _in_order(array, byte_order))
        archive.writestr("model/version", "3\n")
    return file.getvalue()


def legacy_file(pickle_bytes, arrays=(), byte_order="little"):
    """Returns the content of a file in the format before PyTorch 1.6."""
    system = {"protocol_version": 1001, "little_endian": byte_order == "little"}
    header = [pickle.dumps(value, 2) for value in (LEGACY_MAGIC, 1001, system)]
    keys = pickle.dumps([str(key) for key in range(len(arrays))], 2)
    numbers = [
        array.size.to_bytes(8, "little") + _in_order(array, byte_order)
        for array in arrays
    ]
    return b"".join([*header, pickle_bytes, keys, *numbers])


def _in_order(array, byte_order):
    order = {"little": "<", "big": ">"}[byte_order]
    return array.astype(array.dtype.newbyteorder(order)).tobytes()
