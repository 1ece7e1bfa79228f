from benchmarks.search_step.sweep_figure import sweep_figure
from darts_tf.report.figure_files import figure_to_svg


def test_a_panel_for_each_size():
    results = [{"step": [1.0, 2.0], "peak_memory": 0.5}] * 2
    sweeps = {"layers": {4: results, 8: results}, "batch_size": {8: results}}
    figure = sweep_figure(sweeps)
    labels = [axes.get_xlabel() for axes in figure.axes]
    assert "cells" in labels and "images or streams in a batch" in labels
    assert figure_to_svg(figure).startswith(b"<?xml")
