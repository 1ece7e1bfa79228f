import collections
import os
import pathlib
import pickle
import zipfile

import numpy as np
import pytest

from darts_tf.errors import UserError
from darts_tf.weights.torch_checkpoint import read_state_dict
from tests.torch_files import Storage, Tensor, legacy_file, pickled, zip_file

FORMATS = {"zip": zip_file, "legacy": legacy_file}
FILES = {
    "conv_eval_darts_v2.pt": "conv_eval_darts_v2.npz",
    "conv_eval_darts_v2.legacy.pt": "conv_eval_darts_v2.npz",
    "imagenet_eval_darts_v2.legacy.pt": "imagenet_eval_darts_v2.npz",
}


@pytest.fixture(params=list(FORMATS))
def write(request, tmp_path):
    """Writes a value, or a pickle, as a checkpoint; returns its path."""

    def write(value, protocol=2, **options):
        raw = isinstance(value, bytes)
        pickle_bytes, arrays = (value, ()) if raw else pickled(value, protocol)
        path = tmp_path / "model.pt"
        path.write_bytes(FORMATS[request.param](pickle_bytes, arrays, **options))
        return path

    return write


def arrays():
    random = np.random.default_rng(1)
    return {
        "weight": random.normal(size=(2, 3)).astype("float32"),
        "double": random.normal(size=4),
        "half": random.normal(size=(2, 1, 2)).astype("float16"),
        "counter": np.array(7, "int64"),
        "bytes": np.arange(5, dtype="uint8"),
        "flags": np.array([True, False]),
        "empty": np.zeros((0, 3), "float32"),
    }


@pytest.mark.parametrize("file", FILES)
def test_golden_tensors(golden_folder, file):
    tensors = read_state_dict(golden_folder / file)
    golden = np.load(golden_folder / FILES[file])
    names = {k.removeprefix("param/") for k in golden if k.startswith("param/")}
    assert names == {k for k in tensors if not k.endswith("num_batches_tracked")}
    for name in names:
        np.testing.assert_array_equal(tensors[name], golden[f"param/{name}"])


@pytest.mark.parametrize("protocol", [2, 4])
@pytest.mark.parametrize("byte_order", ["little", "big"])
def test_tensors_of_all_types(write, protocol, byte_order):
    expected = arrays()
    tensors = {name: Tensor(array) for name, array in expected.items()}
    path = write(tensors, protocol, byte_order=byte_order)
    got = read_state_dict(path)
    assert got.keys() == expected.keys()
    for name, array in expected.items():
        assert got[name].dtype.newbyteorder("=") == array.dtype
        np.testing.assert_array_equal(got[name], array)


def test_views_of_a_storage(write):
    numbers = np.arange(12, dtype="float32")
    tensors = {
        "transposed": Tensor(numbers, (4, 3), (1, 4)),
        "part": Tensor(numbers, (2, 2), (4, 1), offset=5),
    }
    got = read_state_dict(write(tensors))
    np.testing.assert_array_equal(got["transposed"], numbers.reshape(3, 4).T)
    np.testing.assert_array_equal(got["part"], [[5, 6], [9, 10]])


def test_training_state_and_prefixes(write):
    state = collections.OrderedDict({"module.a": Tensor(np.ones(2, "float32"))})
    state._metadata = {"version": 1}  # as PyTorch's dictionaries have it
    value = {"epoch": 3, "state_dict": state, "optimizer": {"lr": [0.1, None]}}
    assert read_state_dict(write(value)).keys() == {"a"}
    value["state_dict"]["b"] = Tensor(np.ones(2, "float32"))
    assert read_state_dict(write(value)).keys() == {"module.a", "b"}


class Call:
    """Pickles as a call of a function."""

    def __init__(self, function, *arguments):
        self.reduced = function, arguments

    def __reduce__(self):
        return self.reduced


def failure(path):
    """The message of the one line that reading it ends with."""
    with pytest.raises(UserError) as caught:
        read_state_dict(path)
    message = str(caught.value)
    assert str(path) in message and "\n" not in message and len(message) < 400
    return message


@pytest.mark.parametrize("protocol", [1, 2, 4])
@pytest.mark.parametrize(
    "function, arguments, name",
    [
        (os.system, ("touch {marker}",), ".system"),
        (eval, ("open('{marker}', 'w')",), ".eval"),
        (os.mkdir, ("{marker}",), ".mkdir"),
        (getattr, ({}, "keys"), ".getattr"),
        (np.load, ("{marker}",), "load"),
    ],
)
def test_a_hostile_pickle_runs_nothing(
    write, tmp_path, function, arguments, name, protocol
):
    marker = tmp_path / "marker"
    arguments = [
        a.format(marker=marker) if isinstance(a, str) else a for a in arguments
    ]
    tensors = {"weight": Tensor(np.ones(2, "float32"))}
    for value in (
        Call(function, *arguments),
        {**tensors, "extra": Call(function, *arguments)},
        {"state_dict": tensors, "optimizer": [Call(function, *arguments)]},
    ):
        message = failure(write(value, protocol))
        assert name in message and "nothing in it was run" in message
        assert not marker.exists()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_hostile_header_runs_nothing(tmp_path, protocol):
    path, marker = tmp_path / "model.pt", tmp_path / "marker"
    path.write_bytes(pickle.dumps(Call(os.mkdir, str(marker)), protocol))
    assert "mkdir" in failure(path) and not marker.exists()


REBUILD = b"ctorch._utils\n_rebuild_tensor\n"


@pytest.mark.parametrize(
    "pickle_bytes",
    [
        # A dotted name below one that is known.
        b"\x80\x04\x8c\x0bcollections\x8c\x10OrderedDict.copy\x93.",
        # An attribute set on a builder, on its class, on a dictionary's class.
        b"\x80\x02" + REBUILD + b"}X\x01\x00\x00\x00aK\x01sb.",
        b"\x80\x02" + REBUILD + b"N}X\x01\x00\x00\x00aK\x01s\x86b.",
        b"\x80\x02ccollections\nOrderedDict\n}X\x01\x00\x00\x00aK\x01sb.",
        # Calls with arguments that no tensor has.
        b"\x80\x02" + REBUILD + b"(K\x01K\x00)}tR.",
        b"\x80\x02" + REBUILD + b")R.",
        # An index of the memo that would take up 30 GB.
        b"\x80\x02}r\xff\xff\xff\xff.",
        # An extension, a persistent value that is no storage, too few values.
        b"\x80\x02\x82\x01.",
        b"\x80\x02K\x01Q.",
        b"\x80\x02s.",
        b"",
        b"\x80\x02]",
    ],
)
def test_malformed_pickles(write, pickle_bytes):
    failure(write(pickle_bytes))


@pytest.mark.parametrize(
    "tensor",
    [
        Tensor(np.ones(4), (5,), (1,)),
        Tensor(np.ones(4), (2, 2), (3, 1)),
        Tensor(np.ones(4), (2,), (1,), offset=3),
        Tensor(np.ones(4), (2,), (-1,), offset=1),
        Tensor(np.ones(1), (10**12,), (0,)),
        Tensor(np.ones(1), (2**62, 4), (1, 1)),
        Tensor(np.ones(4), (2,), (1, 1)),
        Tensor(np.ones(4), (2.0,), (1,)),
        Tensor(np.ones(4), 4, 1),
        Tensor(np.ones(0), (0,), (2**64,)),
        Tensor(np.ones(1), (1,) * 20_000, (1,) * 20_000),
    ],
)
def test_tensors_outside_their_storage(write, tensor):
    failure(write({"weight": tensor}))


@pytest.mark.parametrize(
    "value, message",
    [
        ([1, 2], "no dictionary"),
        ({"a": 1.5}, "'a' is a float"),
        ({3: Tensor(np.ones(1))}, "3 is a Tensor"),
        ({"state_dict": {"b": {}}}, "'b' is a dict"),
    ],
)
def test_other_values(write, value, message):
    assert message in failure(write(value))


def test_one_storage_in_many_tensors(write):
    array = np.ones(10, "float32")
    tied = {"encoder": Tensor(array), "decoder": Tensor(array)}
    assert read_state_dict(write(tied)).keys() == tied.keys()
    numbers = Storage(array)
    shared = {str(index): Tensor(array, storage=numbers) for index in range(3)}
    assert "share their numbers too often" in failure(write(shared))


def test_long_names(write):
    tensors = {"a" * 1001: Tensor(np.ones(2, "float32"))}
    assert "a name is too long" in failure(write(tensors))


def test_parts_of_a_zip_that_overlap(tmp_path):
    path = tmp_path / "model.pt"
    content = zip_file(*pickled({"a": Tensor(np.ones(1000))}))
    # The directory says of a small part that it is as long as the file.
    directory = content.index(b"model/version", content.index(b"PK\1\2")) - 46
    size = len(content).to_bytes(4, "little")
    path.write_bytes(content[: directory + 20] + size * 2 + content[directory + 28 :])
    assert "its parts overlap" in failure(path)


def test_every_truncation_is_one_error(write):
    path = write({name: Tensor(array) for name, array in arrays().items()})
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        assert "is damaged" in failure(path), length


def test_any_changed_byte_is_an_error_or_harmless(write):
    path = write({name: Tensor(array) for name, array in arrays().items()})
    content = path.read_bytes()
    random = np.random.default_rng(2)
    for position in range(len(content)):
        changed = bytearray(content)
        changed[position] ^= int(random.integers(1, 256))
        path.write_bytes(changed)
        try:
            read_state_dict(path)
        except UserError as error:
            assert "\n" not in str(error)


def test_other_files(tmp_path):
    path = tmp_path / "model.pt"
    path.write_bytes(zip_file(*pickled({}), compression=zipfile.ZIP_DEFLATED))
    assert "compressed" in failure(path)
    for content in (b"", b"PK", b"hello", b"\x89HDF\r\n\x1a\n"):
        path.write_bytes(content)
        failure(path)
    with pytest.raises(FileNotFoundError):
        read_state_dict(tmp_path / "none.pt")


def test_what_is_no_file(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, "/dev/zero", tmp_path):
        assert "is no file" in failure(path)


def test_a_file_that_memory_cannot_hold(tmp_path, monkeypatch):
    def fail(path):
        raise MemoryError

    path = tmp_path / "model.pt"
    path.write_bytes(b"PK")
    monkeypatch.setattr(pathlib.Path, "read_bytes", fail)
    assert "more memory than there is" in failure(path)
