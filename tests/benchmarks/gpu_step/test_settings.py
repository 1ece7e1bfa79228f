import dataclasses

import pytest

from benchmarks.gpu_step.settings import (
    EVALUATION,
    KERNELS,
    XLA,
    GpuBenchmarkConfig,
    GpuStep,
)
from benchmarks.search_step.settings import FULL_EVALUATION_SIZES
from darts_tf.convolutional.forms.form import EDGES, FORMS, GROUPED
from darts_tf.errors import UserError


def test_an_evaluation_network_has_neither_form_nor_order():
    config = GpuBenchmarkConfig(
        evaluation_sizes=FULL_EVALUATION_SIZES, forms=("edges",)
    )
    steps = config.measurements()
    assert len(steps) == 3 * 2 + 2 == len(set(steps))
    evaluation = [step for step in steps if step.network == EVALUATION]
    assert [step.execution for step in evaluation] == [KERNELS, XLA]
    for step in evaluation:
        assert step.form is None and step.order is None
        assert step.sizes == FULL_EVALUATION_SIZES
    assert str(evaluation[0]) == "evaluation, kernels, float32"


def test_what_cannot_be_counted_is_left_out():
    config = GpuBenchmarkConfig(orders=("exact",), networks=("search",))
    steps = config.measurements((KERNELS,))
    assert steps == [GpuStep(form=form, order="exact") for form in FORMS]
    config = dataclasses.replace(config, executions=(XLA,))
    with pytest.raises(UserError, match="`aot`"):
        config.measurements((KERNELS,))


def test_no_program_of_the_whole_step_in_the_grouped_form():
    config = GpuBenchmarkConfig(orders=("first",), networks=("search",))
    found = [(step.form, step.execution) for step in config.measurements()]
    assert found == [(EDGES, KERNELS), (EDGES, XLA), (GROUPED, KERNELS)]
    config = dataclasses.replace(config, forms=(GROUPED,), executions=(XLA,))
    with pytest.raises(UserError, match="another form than grouped"):
        config.measurements()
