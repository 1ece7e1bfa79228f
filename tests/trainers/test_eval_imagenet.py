"""The binary as a user runs it, on a sample of ImageNet."""

import csv
import functools

import pytest

from tests.trainers import trainer_process
from trainers import eval_imagenet

run = functools.partial(trainer_process.run, eval_imagenet)


def test_trains_then_evaluates_alone(data_folder, tmp_path):
    if not (data_folder / "imagenet2012").is_dir():
        pytest.skip(f"no imagenet2012 in {data_folder}")
    folder = tmp_path / "run"
    # The paper's images, of 224 x 224, and fewer of its 14 cells and 48 channels.
    data = (f"--data_dir={data_folder}", "--batch_size=8", "--layers=3")
    result = run(*data, "--init_channels=12", f"--output={folder}", "--epochs=1")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("Training the cell DARTS_V2 (default of --genotype")
    assert "ran out of data" not in result.stderr
    with open(folder / "metrics.csv", newline="") as file:
        (row,) = csv.DictReader(file)
    unused = tmp_path / "unused"
    result = run(*data, "--evaluate_only", f"--weights={folder}", f"--output={unused}")
    assert result.returncode == 0, result.stderr
    assert "--genotype" not in result.stdout
    errors = [1 - float(row[f"val_{name}accuracy"]) for name in ("", "top_5_")]
    assert (
        f"loss {float(row['val_loss']):.4f}, top-1 error {errors[0]:.2%}, "
        f"top-5 error {errors[1]:.2%}" in result.stdout
    )
    assert not unused.exists()
