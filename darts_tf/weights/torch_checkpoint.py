"""Reads PyTorch's checkpoints without PyTorch, and without trusting them.

A checkpoint is a pickle that only ever describes tensors (`torch_pickle`), and their
numbers, which are read after it, with all bounds checked.
"""

import io
import math
import os
import reprlib
import struct
import zipfile
from pathlib import Path

import numpy as np

from darts_tf.errors import UserError, first_line
from darts_tf.weights.pickle_cost import LEGACY_MAGIC
from darts_tf.weights.torch_pickle import Record, Tensor, unpickle

_ZIP_MAGIC = b"PK"
_LEGACY_VERSION = 1001
_LONGEST_NAME = 1000
# How often a number may be part of a tensor: an embedding is the decoder too.
_MOST_SHARED = 2


def read_state_dict(path: str | os.PathLike) -> dict[str, np.ndarray]:
    """Reads the tensors of a model from a checkpoint.

    Args:
        path: A file that `torch.save` wrote, in the zip format of today or in the
            legacy format of PyTorch before 1.6: a dictionary of tensors, one with
            such a dictionary as its `state_dict`, or a whole model.

    Returns:
        Dictionary of arrays by name, without `module.` before all names.

    Raises:
        UserError: If the file is damaged, no such checkpoint, too large for the
            memory, or asks for anything but tensors and containers.
        OSError: If it cannot be read.
    """
    path = Path(path)
    if path.exists() and not path.is_file():  # devices and pipes have no end
        raise UserError(f"{path} is no file; expected a PyTorch checkpoint.")
    try:
        return _read(path.read_bytes())
    except OSError:
        raise
    except UserError as error:
        raise UserError(f"The checkpoint {path} {error}") from error
    except MemoryError as error:
        raise UserError(
            f"The checkpoint {path} needs more memory than there is."
        ) from error
    except Exception as error:  # a damaged pickle may raise anything
        reason = first_line(error)
        raise UserError(
            f"The checkpoint {path} is damaged or none of PyTorch: {reason}."
        ) from error


def _read(content):
    is_zip = content.startswith(_ZIP_MAGIC)
    root, numbers = (_read_zip if is_zip else _read_legacy)(content)
    return _named_arrays(root, numbers)


def _read_zip(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if any(i.compress_type != zipfile.ZIP_STORED for i in archive.infolist()):
            raise ValueError("it is compressed")
        if sum(i.file_size for i in archive.infolist()) > len(content):
            raise ValueError("its parts overlap")
        names = archive.namelist()
        (pickled,) = (n for n in names if n.count("/") == 1 and n.endswith("/data.pkl"))
        folder = pickled.removesuffix("data.pkl")
        order = f"{folder}byteorder"
        big = order in names and archive.read(order) == b"big"
        root, storages = unpickle(io.BytesIO(archive.read(pickled)))
        numbers = {
            key: _numbers(storage, archive.read(f"{folder}data/{key}"), big)
            for key, storage in storages.items()
        }
    return root, numbers


def _read_legacy(content):
    """Magic number, version, system, value, keys of storages, then their numbers."""
    file = io.BytesIO(content)
    magic, _ = unpickle(file)
    version, _ = unpickle(file)
    system, _ = unpickle(file)
    if magic != LEGACY_MAGIC or version != _LEGACY_VERSION:
        raise ValueError("it begins otherwise")
    root, storages = unpickle(file)
    keys, _ = unpickle(file)
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
    if len(prefix) > _LONGEST_NAME:
        raise ValueError("a name is too long")
    parts = [module.state[k] for k in ("_parameters", "_buffers", "_modules")]
    if not seen.isdisjoint(map(id, parts)):
        raise ValueError("a module, or a part of one, is there twice")
    seen.update(map(id, parts))
    parameters, buffers, children = parts
    for name, tensor in (*parameters.items(), *buffers.items()):
        if tensor is not None:
            yield f"{prefix}{name}", tensor
    for name, child in children.items():
        yield from _module_tensors(child, f"{prefix}{name}.", seen)


def _named_arrays(root, numbers):
    if isinstance(root, Record):
        root = dict(_module_tensors(root, "", set()))
    if isinstance(root, dict) and isinstance(root.get("state_dict"), dict):
        root = root["state_dict"]
    if not isinstance(root, dict):
        raise UserError("holds no dictionary of tensors.")
    for name, value in root.items():
        if not isinstance(name, str) or not isinstance(value, Tensor):
            raise UserError(
                "holds something else than tensors by name: "
                f"{reprlib.repr(name)} is a {type(value).__name__}."
            )
        if len(name) > _LONGEST_NAME:
            raise ValueError("a name is too long")
    sizes = [math.prod(tensor.shape) for tensor in root.values()]
    if sum(sizes) > _MOST_SHARED * sum(array.size for array in numbers.values()):
        raise ValueError("its tensors share their numbers too often")
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
