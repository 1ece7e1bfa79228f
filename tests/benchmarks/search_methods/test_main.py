"""The binary as a user runs it, in a process of its own."""

import pytest

from benchmarks import search_methods
from tests.trainers import trainer_process

SMALL = ("--layers=1", "--nodes=1", "--init_channels=4", "--image_size=8", "--steps=2")


@pytest.mark.long
def test_compares_methods():
    # With a part of the channels; by evaluations, without `none`; with a loop.
    methods = ("pc_darts", "darts_pt", "sdarts_adv")
    result = trainer_process.run(
        search_methods, *SMALL, f"--forms={','.join(methods)}", "--orders=first"
    )
    assert result.returncode == 0, result.stderr
    header, _, darts, *others = result.stdout.splitlines()[-6:]
    assert header.startswith("| method | order | step, s | in steps of DARTS |")
    assert darts.startswith("| darts | first order |") and "| 1 |" in darts
    for name, row in zip(methods, others, strict=True):
        assert row.startswith(f"| {name} | first order |")


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
