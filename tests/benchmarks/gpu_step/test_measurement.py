import time

import pytest

from benchmarks.gpu_step.measurement import measure
from benchmarks.gpu_step.models import run_config
from benchmarks.gpu_step.settings import EVALUATION, GpuStep
from benchmarks.search_step.settings import Sizes

SIZES = Sizes(init_channels=2, layers=1, nodes=1, batch_size=2, image_size=8)


@pytest.mark.long
@pytest.mark.parametrize(
    "step",
    [
        GpuStep(sizes=SIZES, steps=2),
        GpuStep(EVALUATION, None, None, sizes=SIZES, steps=2),
    ],
    ids=str,
)
def test_measures_steps(step):
    """On a CPU, too, where no memory is a GPU's."""
    result = measure(step, run_config(step), time.monotonic())
    assert len(result["step"]) == 2 and len(set(result["losses"])) == 3
    assert result["first_result"] > max(result["step"])
    assert 0.1 < result["peak_memory"] < 20 and result["device_memory"] is None
