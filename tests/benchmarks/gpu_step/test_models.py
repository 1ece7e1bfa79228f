import numpy as np
import pytest

from benchmarks.gpu_step.models import (
    json_of_step,
    random_batch,
    run_config,
    step_of_json,
)
from benchmarks.gpu_step.settings import EVALUATION, TENSOR_FLOAT_32, XLA, GpuStep
from benchmarks.search_step.settings import Sizes

SIZES = Sizes(init_channels=6, layers=2, nodes=3, batch_size=5, image_size=8)


def test_a_step_is_written_and_read():
    step = GpuStep(order="exact", sizes=SIZES, steps=7)
    assert step_of_json(json_of_step(step)) == step


def test_a_run_takes_the_step():
    step = GpuStep("search", "edges", "finite_difference", XLA, TENSOR_FLOAT_32, SIZES)
    config = run_config(step)
    assert (config.order, config.hessian) == ("second", "finite_difference")
    assert (config.layers, config.nodes, config.init_channels) == (2, 3, 6)
    assert config.jit_compile and config.tensor_float_32
    assert config.precision == "float32"


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
def test_products_are_rounded_only_where_asked(precision):
    for network in ("search", EVALUATION):
        config = run_config(GpuStep(network, precision=precision, sizes=SIZES))
        assert config.precision == precision
        assert not config.tensor_float_32 and not config.jit_compile


def test_a_search_takes_two_different_batches():
    (images, labels), (others, _) = random_batch(GpuStep(sizes=SIZES))
    assert images.shape == (5, 8, 8, 3) and labels.shape == (5,)
    assert not np.array_equal(images, others)
    alone = random_batch(GpuStep(EVALUATION, None, None, sizes=SIZES))
    np.testing.assert_array_equal(alone[0], images)
