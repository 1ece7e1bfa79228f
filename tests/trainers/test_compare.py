"""The binary, on runs that never ran."""

from tests.comparison.made_runs import change, image_search, image_training
from tests.trainers.trainer_process import run
from trainers import compare


def test_runs_and_published_rows(tmp_path):
    search = image_search(tmp_path / "search", [0.5, 0.6])
    sizes = {"layers": 3, "init_channels": 4, "auxiliary": False}
    training = image_training(tmp_path / "training", 3.0, search=search, **sizes)
    result = run(compare, str(search), str(training), f"--output={tmp_path / 'out'}")
    assert result.returncode == 0, result.stderr
    assert "darts, second order (search)" in result.stdout
    assert "DARTS (second order) + cutout" in result.stdout
    assert str(tmp_path / "out" / "comparison.html") in result.stdout
    # The network was built, to count its mult-adds.
    line = next(x for x in result.stdout.splitlines() if x.startswith("darts, second"))
    assert float(line.split()[-6]) > 0.1
    change(training, epochs=600)
    result = run(compare, str(training))
    assert result.returncode == 1 and not result.stdout
    (line,) = result.stderr.splitlines()
    assert line.startswith("trainers.compare: ") and "has not ended" in line


def test_help_names_the_runs():
    result = run(compare, "--help")
    assert "  python -m trainers.compare [RUN ...] [flags]\n" in result.stdout
