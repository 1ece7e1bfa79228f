"""The binary as a user runs it, in a process of its own."""

import pytest

from benchmarks import zoo_steps
from tests.trainers import trainer_process


@pytest.mark.long
def test_measures_networks_for_images_and_texts():
    names = "mobilenet_imagenet,darts_v2_ptb"
    result = trainer_process.run(
        zoo_steps, f"--names={names}", "--steps=1", "--words=3"
    )
    assert result.returncode == 0, result.stderr
    header, _, *lines = result.stdout.splitlines()[-4:]
    assert header.startswith("| row | trained weights | step, s |")
    weights = [line.split(" | ")[1] for line in lines]
    assert weights == ["4,231,976", "22,960,000"]


def test_a_network_that_is_not_public_cannot_be_measured():
    result = trainer_process.run(zoo_steps, "--names=nasnet_b_imagenet")
    assert result.returncode
    assert "nasnet_b_imagenet" in result.stderr and "Traceback" not in result.stderr
