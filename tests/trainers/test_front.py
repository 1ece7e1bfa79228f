"""The binary, as far as it comes without a search."""

from tests.trainers.trainer_process import run
from trainers import front


def test_help_and_one_line_for_what_is_missing():
    result = run(front, "--help")
    assert "  python -m trainers.front [flags]\n" in result.stdout
    assert "--targets" in result.stdout and "--cost_form" in result.stdout
    result = run(front, "--dataset=digits")
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].endswith(
        "--targets names none; give one or more."
    )
