"""The binary as a user runs it, in processes of its own."""

import pytest

from tests.trainers import trainer_process
from trainers import measure_latency

TINY = (
    *("--layers=1", "--init_channels=2", "--nodes=1", "--image_size=8"),
    *("--primitives=max_pool_3x3,sep_conv_3x3", "--repetitions=3"),
)


def test_bad_input_is_one_line(tmp_path):
    arguments = (f"--output={tmp_path}/a.json", "--space=none_such")
    result = trainer_process.run(measure_latency, *TINY, *arguments)
    assert result.returncode == 1 and result.stderr.count("\n") == 1
    assert "--space=none_such: expected one of" in result.stderr
    assert not any(tmp_path.iterdir())


@pytest.mark.long
def test_a_killed_measurement_goes_on(tmp_path):
    output, log = tmp_path / "table.json", tmp_path / "table.json.log"
    arguments = (*TINY, f"--output={output}")
    trainer_process.kill_when(log.exists, measure_latency, *arguments)
    before = log.read_text()
    assert not output.exists()
    result = trainer_process.run(measure_latency, *arguments)
    assert log.read_text().startswith(before)
    if "is uncertain" in result.stderr:
        assert result.returncode == 1 and not output.exists()
        return
    assert result.returncode == 0, result.stderr
    assert "parts in litert on" in result.stdout and output.exists()
