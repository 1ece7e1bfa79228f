import sys

import numpy as np
import pytest

from benchmarks.gpu_step.run_exported import ExportedStep, difference, main


def test_difference_is_in_parts_of_the_largest_number():
    expected = np.array([2.0, -4.0])
    assert difference(np.array([2.0, -4.5]), expected) == 0.125
    assert difference(np.array([0.5]), np.array([0.0])) == 0.5
    assert difference(np.zeros([0]), np.zeros([0])) == 0


def test_jax_is_asked_for(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(SystemExit, match="JAX is missing"):
        main([])


def test_the_script_refuses_another_folder(tmp_path):
    with pytest.raises(SystemExit, match="is no folder of an exported step"):
        ExportedStep(tmp_path)
