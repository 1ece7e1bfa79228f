"""Latencies of whole networks: the log, the table and the figure."""

import dataclasses

import numpy as np
import pytest

from benchmarks import latency
from benchmarks.latency_figure import latency_figure, latency_rows
from benchmarks.latency_log import LatencyLog, Series
from benchmarks.latency_settings import LatencyBenchmarkConfig
from darts_tf.costs.latency.verification import VerifiedLatency
from darts_tf.report.figure_files import figure_to_svg
from tests.costs.latency.small_tables import small_table
from tests.trainers import trainer_process

PREDICTED = (1.0, 2.0, 3.0, 4.0)


def test_the_log_knows_the_settings(tmp_path):
    config, table = LatencyBenchmarkConfig(), small_table()
    found = VerifiedLatency(2.0, 2.5, 4.0, True)
    log = LatencyLog(tmp_path / "log.csv")
    log.add(config, table, "random 1", found)
    onnx = dataclasses.replace(config, runtime="onnx")
    log.add(onnx, table, "random 2", found)
    log = LatencyLog(tmp_path / "log.csv")
    assert log.known(config, table) == {"random 1"}
    assert log.known(onnx, table) == {"random 2"}
    for other in ({"layers": 9}, {"seed": 1}, {"threads": 2}):
        assert not log.known(dataclasses.replace(config, **other), table)
    assert not log.known(config, small_table(processor="Abacus"))
    # The number of networks changes no latency.
    assert log.known(dataclasses.replace(config, cells=3), table) == {"random 1"}
    # By the time of the reference, of half a millisecond in the table.
    series = [Series(name, (2.0,), (2.5,), (2.0,)) for name in ("litert", "onnx")]
    assert log.series() == series


def test_rows_with_and_without_a_line():
    measured = tuple(1.25 * x + 0.5 for x in PREDICTED)
    found = [
        Series("litert", PREDICTED, measured, PREDICTED),
        Series("onnx", PREDICTED[:2], (1.0, 2.5), (1.0, 2.5)),
    ]
    rows = latency_rows(found).splitlines()
    errors = np.abs(np.array(PREDICTED) / measured - 1)
    assert rows[2] == (
        f"| litert | 4 | 1.75 to 5.5 | {errors.mean():.1%} | 0.0% | 1.000 | 0% "
        "| 1.250 | 0.5 | 0.0% | 100% |"
    )
    assert (
        rows[3] == "| onnx | 2 | 1 to 2.5 | 10.0% | 10.0% | 1.000 | 50% |  |  |  |  |"
    )


def test_a_panel_for_each_runtime():
    found = [Series(name, PREDICTED, PREDICTED, PREDICTED) for name in ("a", "b")]
    figure = latency_figure(found)
    assert [axes.get_title() for axes in figure.axes] == ["a", "b"]
    points, *_ = figure.axes[0].lines
    np.testing.assert_array_equal(points.get_xydata(), np.transpose([PREDICTED] * 2))
    assert b"<svg" in figure_to_svg(latency_figure(found[:1]))


@pytest.mark.long
def test_the_command(tmp_path):
    arguments = [
        *("--layers=1", "--init_channels=2", "--nodes=1", "--image_size=8"),
        *("--primitives=sep_conv_3x3,sep_conv_5x5", "--repetitions=3", "--cells=2"),
        f"--output={tmp_path}/table.json",
        f"--log={tmp_path}/log.csv",
        f"--figure={tmp_path}/figure.svg",
    ]
    result = trainer_process.run(latency, *arguments)
    if "is uncertain" in result.stderr:
        pytest.skip("this machine does too much else to measure anything")
    assert result.returncode == 0, result.stderr
    assert "random 2: predicted " in result.stdout
    assert (tmp_path / "figure.svg").exists()
    log = (tmp_path / "log.csv").read_text()
    again = trainer_process.run(latency, *arguments[:-1], f"--figure={tmp_path}/b.svg")
    assert "random 2" not in again.stdout
    assert (tmp_path / "log.csv").read_text() == log
    assert again.stdout.splitlines()[-1] == result.stdout.splitlines()[-1]
