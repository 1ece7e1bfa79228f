import numpy as np

from benchmarks.rivals.figure import rival_figure, rival_table
from benchmarks.rivals.searches import Curves
from benchmarks.rivals.settings import Rival
from darts_tf.report.figure_files import figure_to_svg


def test_table_and_figure():
    valid = np.array([[1.0, 2, 3], [2, 2, 5], [1, 4, 4]])
    found = {
        Rival("random", "paper"): Curves(valid - 1, valid + 10, 0.5),
        Rival("evolution", "paper"): Curves(valid, valid + 20, 0.25),
        Rival("evolution", "nats_bench"): Curves(valid + 0.5, valid + 20, 0.25),
    }
    lines = rival_table(found, 5.0).splitlines()
    assert [line.split(" | ")[1] for line in lines[2:]] == [
        "nats_bench",
        "paper",
        "paper",
    ]
    assert lines[3] == (
        "| evolution | paper | 4.00 (3.50 to 4.50) | 1.00 (0.50 to 1.50) | 33% | "
        "24.00 (23.50 to 24.50) | 0.25 |"
    )
    figure = rival_figure(found, 5.0, "cifar10")
    panel = figure.axes[0]
    assert [line.get_label() for line in panel.lines[:3]] == list(map(str, found))
    medians = panel.lines[1].get_data()
    assert [list(values) for values in medians] == [[2, 3], [2, 4]]
    assert b"<svg" in figure_to_svg(figure)
