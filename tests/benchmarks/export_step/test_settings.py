from benchmarks.export_step.settings import ExportStepConfig
from benchmarks.gpu_step.settings import EVALUATION, XLA


def test_the_step_of_an_export():
    assert ExportStepConfig(order="exact").step().order == "exact"
    step = ExportStepConfig(network=EVALUATION).step()
    assert step.execution == XLA and step.order is None
