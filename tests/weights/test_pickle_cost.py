"""Pickles that are small and would take years to read: refused within a moment."""

import io
import pickle

import pytest

from darts_tf.errors import UserError
from darts_tf.weights.pickle_cost import LEGACY_MAGIC, check_pickle
from darts_tf.weights.torch_checkpoint import read_state_dict
from tests.torch_files import zip_file

# The opcodes of a pair of twice the same pair, and so on; 2**40 values are hashed.
PAIRS = b")" + b"".join(b"q%ch%c\x86" % (index, index) for index in range(40))
KEY = "a key is neither text nor a number"


@pytest.mark.parametrize(
    "opcodes, message",
    [
        (b"}" + PAIRS + b"K\x01s", KEY),
        (b"}(" + PAIRS + b"K\x01u", KEY),
        (b"(" + PAIRS + b"K\x01d", KEY),
        (b"\x8f(" + PAIRS + b"\x90", KEY),
        (b"(" + PAIRS + b"\x91", KEY),
        # A function that returns what it is given, and a key in a list.
        (b"}ctorch._utils\n_rebuild_parameter\n" + PAIRS + b"\x85RK\x01s", KEY),
        (b"ccollections\nOrderedDict\n]" + PAIRS + b"K\x01\x86a\x85R", KEY),
        (b"\x8b" + (200_000).to_bytes(4, "little") + b"\x01" * 200_000, "too long"),
    ],
)
def test_what_is_small_and_takes_years(tmp_path, opcodes, message):
    path = tmp_path / "model.pt"
    path.write_bytes(zip_file(b"\x80\x04" + opcodes + b"."))
    with pytest.raises(UserError, match=message):
        read_state_dict(path)


def test_a_list_that_is_copied_again_and_again(tmp_path):
    pairs = b"]" + b"".join(b"(K%cK\x01la" % index for index in range(200)) + b"q\x00"
    copies = b"ccollections\nOrderedDict\nq\x01" + b"0h\x01h\x00\x85R" * 3
    path = tmp_path / "model.pt"
    path.write_bytes(zip_file(b"\x80\x02" + pairs + copies + b"."))
    # The third copy is empty, where the first one is not.
    assert read_state_dict(path) == {}


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize(
    "value",
    [
        LEGACY_MAGIC,
        {"a": [1, (2, 3)], 4: {}, 5.0: None, None: True, "b": {"c": "a"}},
        [(("x", -(2**63)),) * 9] * 9,
    ],
)
def test_what_any_program_writes(value, protocol):
    content = pickle.dumps(value, protocol)
    file = io.BytesIO(content + b"more")
    check_pickle(file)
    assert file.read() == b"more"


@pytest.mark.parametrize(
    "content",
    [b"\x80\x02s.", b"\x80\x020.", b"\x80\x02h\x00.", b"\x80\x021.", b"q\x00."],
)
def test_what_takes_more_than_there_is(content):
    with pytest.raises((ValueError, LookupError)):
        check_pickle(io.BytesIO(content))
