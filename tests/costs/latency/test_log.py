import json
import math

import pytest

from darts_tf.costs.latency.log import Measurement, MeasurementLog
from darts_tf.errors import UserError
from tests.costs.latency.small_tables import CALL, CONVOLUTION, POOL

CONDITIONS = {"runtime": "litert", "versions": {"a": "1"}}


def test_it_goes_on_where_it_was(tmp_path):
    path = tmp_path / "table.json.log"
    log = MeasurementLog(path, CONDITIONS)
    assert not path.exists() and not log.ratios()
    log.append(Measurement(part, 0.5, 2.0) for part in (CALL, POOL))
    log.append([Measurement(POOL, 0.75, 3.0)])
    again = MeasurementLog(path, CONDITIONS)
    assert again.measurements == log.measurements
    assert again.ratios() == {CALL: [0.5], POOL: [0.5, 0.75]}
    assert len(path.read_text().splitlines()) == 4


def test_other_conditions_are_named(tmp_path):
    path = tmp_path / "table.json.log"
    MeasurementLog(path, CONDITIONS).append([Measurement(POOL, 0.5, 2.0)])
    message = r"is of runtime 'litert', and this measurement of 'onnx'; remove it, or"
    with pytest.raises(UserError, match=message):
        MeasurementLog(path, {**CONDITIONS, "runtime": "onnx"})


def with_changed_line(**changes):
    return lambda lines: [*lines, json.dumps({**json.loads(lines[-1]), **changes})]


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [],
        lambda lines: lines[1:],
        lambda lines: [*lines, lines[-1][:-3]],
        lambda lines: [*lines, "[]"],
        with_changed_line(more=1),
        with_changed_line(ratio=0),
        with_changed_line(ratio=None),
        with_changed_line(ratio=10**400),
        with_changed_line(milliseconds=math.inf),
        with_changed_line(part={}),
        with_changed_line(part={**vars(POOL), "layer": []}),
    ],
)
def test_a_damaged_log_is_named(tmp_path, change):
    path = tmp_path / "table.json.log"
    MeasurementLog(path, CONDITIONS).append([Measurement(CONVOLUTION, 0.5, 2.0)])
    path.write_text("\n".join(change(path.read_text().splitlines())))
    with pytest.raises(UserError, match=r"table.json.log is (damaged|of format)"):
        MeasurementLog(path, CONDITIONS)
