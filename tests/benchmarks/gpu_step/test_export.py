import json

import numpy as np
import tensorflow as tf

from benchmarks.gpu_step.export import export_step
from benchmarks.gpu_step.run_exported import ExportedStep
from darts_tf.traced_device import traces_for_gpu


class Sums:
    """A model whose step adds up what it gets, twice as fast on a GPU."""

    def __init__(self):
        self.total = tf.Variable(2.0, name="total")
        self.rate = tf.Variable(10.0, name="rate")

    def train_step(self, batch):
        numbers, _ = batch
        factor = 2.0 if traces_for_gpu() else 1.0
        self.total.assign_add(factor * self.rate * tf.reduce_sum(numbers))
        return {"mean": tf.reduce_mean(numbers), "loss": -self.total}


def test_a_step_as_a_function_without_state(tmp_path):
    numbers, labels = np.float32([1, 2]), np.int32([5, 6, 7])
    export_step(Sums(), (numbers, labels), tmp_path, {"said": "too"})
    described = json.loads((tmp_path / "step.json").read_text())
    assert described["said"] == "too"
    inputs = [name.partition(" ")[2] for name in described["inputs"]]
    assert inputs[:2] == ["", ""] and sorted(inputs[2:]) == ["rate", "total"]
    exported = ExportedStep(tmp_path)
    before = dict(zip(inputs[2:], exported.inputs[2:]))
    assert before == {"rate": 10, "total": 2}
    np.testing.assert_array_equal(exported.inputs[1], labels)
    assert exported.names == ["loss", "mean", "0 total"]
    assert [x.tolist() for x in exported.outputs] == [-62, 1.5, 62]
    assert exported.text.count("%arg0:") and (tmp_path / "__main__.py").is_file()
