from benchmarks.gpu_step.settings import XLA, GpuStep
from benchmarks.gpu_step.table import counted_table, measured_table


def test_measured():
    result = {
        "step": [0.5, 0.25, 0.125],
        "first_result": 30.0,
        "device_memory": 4.25,
        "peak_memory": 3.0,
    }
    authors = GpuStep("evaluation", "authors", None)
    lines = measured_table([(GpuStep(), result), (authors, result)]).splitlines()
    assert lines[0].startswith("| network | form | order | execution | precision |")
    assert lines[2] == (
        "| search | edges | first | kernels | float32 | 250 | 30 | 4.25 | 3 |"
    )
    assert lines[3].startswith("| evaluation | authors |  | kernels |")


def test_columns_that_are_empty_are_left_out():
    launched = {"traced": 2128, "launches": 2036, "calls": 0, "bytes": 13_000_000}
    compiled = {"launches": 706, "small": 706, "bytes": 6e6, "compile": 10.8}
    table = counted_table([(GpuStep(), launched), (GpuStep(execution=XLA), compiled)])
    header, _, *rows = table.splitlines()
    assert "layout pass" not in header and "temporary" not in header
    assert rows == [
        "| search | edges | first | kernels | float32 | 2,128 | 2,036 | 0 |  | 0.013 "
        "|  |",
        "| search | edges | first | xla | float32 |  | 706 |  | 706 | 0.006 | 10.8 |",
    ]
