import pytest

from benchmarks.gpu_step.counts import launches
from benchmarks.gpu_step.models import make_model, random_batch, run_config, traced_step
from benchmarks.gpu_step.settings import GpuStep
from benchmarks.search_step.settings import Sizes
from darts_tf.traced_device import supposed_gpu


def test_launches_of_a_search_step():
    """A network of two cells launches as many operations as when it was counted."""
    step = GpuStep(sizes=Sizes(layers=2, batch_size=4, image_size=8))
    with supposed_gpu():
        model = make_model(step, run_config(step))
        graph = traced_step(model, random_batch(step))
    counts = launches(graph)
    found = [counts[name] for name in ("traced", "launches", "with_layout_pass")]
    assert found == pytest.approx([1953, 1861, 2847], rel=0.02)
    # Transposes of 170 normalizations and 148 of their gradients.
    assert counts["hidden"] == pytest.approx(2 * 170 + 3 * 148, rel=0.02)
    # One clips the weights' gradient, one moves them, and the others the statistics of
    # 10 normalizations and 6 states, of 6 shapes.
    assert (counts["calls"], counts["programs"]) == (2 + 10 + 6, 2 + 6)
