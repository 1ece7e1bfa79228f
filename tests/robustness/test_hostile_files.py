"""Files of a stranger: one line in time and memory; nothing is run or written."""

import random

import numpy as np
import pytest

from darts_tf.runs.run_files import RunFolderError, read_arrays
from tests.robustness import hostile_files
from tests.robustness.materials import Materials

pytestmark = pytest.mark.long

FLIPS = 1500


@pytest.fixture(scope="module")
def materials(tmp_path_factory):
    return Materials(tmp_path_factory.mktemp("materials"))


@pytest.mark.parametrize("case", hostile_files.CASES, ids=lambda case: case.name)
def test_one_line_and_no_harm(case, materials, tmp_path):
    print(case.check(materials, tmp_path))


def test_flipped_bits_of_arrays(tmp_path, record_property):
    """Refused by name, or read as they were."""
    arrays = {"images": np.arange(3000), "labels": np.zeros(2000)}
    path, draw = tmp_path / "x.npz", random.Random(1)
    np.savez_compressed(path, **arrays)
    sound, refused = path.read_bytes(), 0
    for _ in range(FLIPS):
        content = bytearray(sound)
        content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
        path.write_bytes(content)
        try:
            found = read_arrays(path, arrays)
        except RunFolderError as error:
            refused += 1
            assert "\n" not in str(error) and str(path) in str(error)
        else:
            assert all(np.array_equal(found[name], arrays[name]) for name in arrays)
    record_property("refused", f"{refused} of {FLIPS}")
