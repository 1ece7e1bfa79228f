import dataclasses

from benchmarks.latency.log import LatencyLog, Series
from benchmarks.latency.settings import LatencyBenchmarkConfig
from darts_tf.costs.latency.verification import VerifiedLatency
from tests.costs.latency.small_tables import small_table


def test_the_log_knows_the_settings(tmp_path):
    config, table = LatencyBenchmarkConfig(), small_table()
    found = VerifiedLatency(2.0, 2.5, 2.25, True)
    log = LatencyLog(tmp_path / "log.csv")
    log.add(config, table, "random 1", found)
    onnx = dataclasses.replace(config, runtime="onnx")
    log.add(onnx, table, "random 2", found)
    log = LatencyLog(tmp_path / "log.csv")
    assert log.known(config, table) == {"random 1"}
    assert log.known(onnx, table) == {"random 2"}
    cells = ({"nodes": 3}, {"primitives": ("none", "skip_connect")})
    for other in (*cells, {"layers": 9}, {"seed": 1}, {"threads": 2}):
        assert not log.known(dataclasses.replace(config, **other), table)
    assert not log.known(config, small_table(processor="Abacus"))
    # The number of networks changes no latency.
    assert log.known(dataclasses.replace(config, cells=3), table) == {"random 1"}
    series = [Series(name, (2.0,), (2.5,), (2.25,)) for name in ("litert", "onnx")]
    assert log.series() == series
