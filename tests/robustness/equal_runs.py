"""Whether two runs have left the same."""

import io
import json
import zipfile

import h5py
import numpy as np
import tensorflow as tf

from tests.trainers.trainer_process import files, metrics

# They say when the run was, or how it was measured.
_MEASURED = ("report.html", ".lock")
# Of files with settings or results, what depends on the command or the time.
_OWN_FIELDS = {"config.json": "command", "results.json": "device_seconds"}


def differences(expected, found):
    """Compares all that two runs have computed, bit for bit.

    Args:
        expected, found: Folders of the runs.

    Returns:
        Sorted list of the files that differ, or that only one of the two has. Of files
        with times or the command in them only the rest is compared.
    """
    names = files(expected), files(found)
    differ = names[0] ^ names[1]
    differ |= {name for name in names[0] & names[1] if _differs(name, expected, found)}
    return sorted(differ)


def _differs(name, expected, found):
    if (expected / name).is_dir() or name in _MEASURED or ".data-" in name:
        return False
    return not _equal(*(_content(folder, name) for folder in (expected, found)))


def _equal(expected, found):
    """Whether dictionaries of arrays, or other values, are the same."""
    if not isinstance(expected, dict) or not isinstance(found, dict):
        return expected == found
    return expected.keys() == found.keys() and all(
        _bits(expected[name]) == _bits(found[name]) for name in expected
    )


def _bits(value):
    array = np.asarray(value)
    return array.dtype, array.shape, array.tobytes()


def _content(folder, name):
    """What of a file does not depend on the time or the machine."""
    path = folder / name
    if name == "metrics.csv":
        return metrics(folder)
    if name in _OWN_FIELDS:
        return _without(_OWN_FIELDS[name], path)
    if path.suffix == ".npz":
        with np.load(path) as arrays:
            return dict(arrays)
    if path.suffix == ".keras":
        return _keras_weights(path)
    if path.suffix == ".index":
        return _tensors(path.with_suffix(""))
    return path.read_bytes()


def _without(field, path):
    values = json.loads(path.read_text("utf-8"))
    if field in values:
        values[field] = None
    return json.dumps(values)


def _keras_weights(path):
    """Weights by name; the configuration beside them has Python's ids of objects."""
    arrays = {}

    def collect(name, item):
        if isinstance(item, h5py.Dataset):
            arrays[name] = item[()]

    with zipfile.ZipFile(path) as archive:
        weights = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(weights) as file:
        file.visititems(collect)
    return arrays


def _tensors(prefix):
    reader = tf.train.load_checkpoint(str(prefix))
    names = reader.get_variable_to_shape_map()
    return {name: reader.get_tensor(name) for name in names if "OBJECT" not in name}
