import os
import pathlib
import subprocess
import sys

import numpy as np

from darts_tf.genotype.cell import Cell
from darts_tf.report import alpha_heat_map, curves, draw_cell, figure_to_png
from darts_tf.report.alpha_figures import alpha_history
from darts_tf.report.confusion import confusion_heat_map
from darts_tf.report.figure_files import figure_to_svg
from darts_tf.report.importance_figure import importance_maps
from darts_tf.report.trial_curves import scores_of_trials
from darts_tf.space.search_space import convolutional_space

_OF_A_USER = """
text.usetex: True
font.family: serif
font.style: italic
font.weight: bold
axes.grid: True
axes.facecolor: red
lines.linestyle: --
savefig.bbox: tight
savefig.facecolor: red
svg.fonttype: none
"""


def figures():
    """Returns a figure of each kind by name."""
    space = convolutional_space(("none", "skip_connect"), 1).of("normal")
    cell = Cell.from_lists([[("skip_connect", 0), ("none", 1)]], [2])
    values, metrics = np.array([[0.3, 0.7], [0.6, 0.4]]), {"epoch": [1, 2]}
    trials = ([0.5, 0.6], [1, 2], max, ("trial", "score"))
    return {
        "curve": curves.losses({**metrics, "loss": [2, 1], "val_loss": [2, 1.5]}),
        "heat map": alpha_heat_map(values, space, "alpha", cell),
        "history": alpha_history({1: values, 2: values}, space, "alpha"),
        "importance": importance_maps(values, values - 0.5, space, "loss"),
        "confusion": confusion_heat_map(np.eye(2, dtype=int), ["a", "b"]),
        "trials": scores_of_trials("trials", *trials),
        "cell": draw_cell(cell, "cell"),
    }


def draw_all():
    """Draws all figures into files of the current folder."""
    for name, figure in figures().items():
        pathlib.Path(f"{name}.svg").write_bytes(figure_to_svg(figure))
        pathlib.Path(f"{name}.png").write_bytes(figure_to_png(figure))


def contents(folder):
    """Returns the content of each file that was drawn."""
    paths = (p for p in folder.iterdir() if p.suffix in (".svg", ".png"))
    return {path.name: path.read_bytes() for path in paths}


def test_settings_of_a_user_change_no_figure(tmp_path, monkeypatch):
    usual, changed = tmp_path / "usual", tmp_path / "changed"
    usual.mkdir()
    monkeypatch.chdir(usual)
    draw_all()
    changed.mkdir()
    # Matplotlib reads that of the current folder when it is imported.
    (changed / "matplotlibrc").write_text(_OF_A_USER)
    subprocess.run(
        [sys.executable, "-c", f"import {__name__} as test; test.draw_all()"],
        cwd=changed,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
    )
    assert len(contents(usual)) == 14 and contents(changed) == contents(usual)
