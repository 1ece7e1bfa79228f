"""The binary as a user runs it, in a process of its own."""

import pytest

from benchmarks import search_methods
from tests.trainers import trainer_process

SMALL = ("--layers=1", "--nodes=1", "--init_channels=4", "--image_size=8", "--steps=2")


@pytest.mark.long
def test_compares_methods():
    result = trainer_process.run(
        search_methods, *SMALL, "--forms=pc_darts", "--orders=first"
    )
    assert result.returncode == 0, result.stderr
    header, _, darts, partial = result.stdout.splitlines()[-4:]
    assert header.startswith("| method | order | step, s | in steps of DARTS |")
    assert darts.startswith("| darts | first order |") and "| 1 |" in darts
    assert partial.startswith("| pc_darts | first order |")


@pytest.mark.long
def test_measures_the_products_for_the_eigenvalue():
    result = trainer_process.run(
        search_methods, *SMALL, "--forms=darts", "--orders=eigenvalue"
    )
    assert result.returncode == 0, result.stderr
    *_, line = result.stdout.splitlines()
    assert line.startswith("| darts | product for the eigenvalue |")
    numbers = line.strip("| ").split(" | ")[2:]
    assert all(float(number) > 0 for number in numbers) and len(numbers) == 6
