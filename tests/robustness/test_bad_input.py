"""A hundred kinds of bad input: each ends in one clear line, and writes nothing."""

import pytest

from tests.robustness import bad_data, bad_flags, bad_models, bad_runs
from tests.robustness.materials import Materials

pytestmark = pytest.mark.long

CASES = [*bad_flags.CASES, *bad_data.CASES, *bad_models.CASES, *bad_runs.CASES]


@pytest.fixture(scope="module")
def materials(tmp_path_factory):
    return Materials(tmp_path_factory.mktemp("materials"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_clear_line(case, materials, tmp_path):
    print(case.check(materials, tmp_path))


def test_so_many_kinds():
    """No two of them differ in the trainer alone."""
    assert len({case.name for case in CASES}) == len(CASES) >= 100
