import sys

import pytest

from benchmarks.gpu_step import authors
from benchmarks.gpu_step.models import json_of_step
from benchmarks.gpu_step.settings import GpuStep


def test_pytorch_is_asked_for(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(SystemExit, match="PyTorch is missing"):
        authors.main(str(tmp_path), json_of_step(GpuStep()), "0.0")
