import os
import pathlib
import subprocess
import sys

from darts_tf.experiments.convolutional_evaluation.page import write_training_report
from darts_tf.experiments.convolutional_search.page import write_search_report
from darts_tf.genotype.convolutional_genotype import PUBLISHED
from darts_tf.report import save_cell
from tests.experiments.synthetic_run import write_run
from tests.experiments.synthetic_training import write_training

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


def draw_all():
    """Draws figures of each kind into files of the current folder."""
    search, training = pathlib.Path("search"), pathlib.Path("training")
    write_search_report(write_run(search, 2, num_nodes=2))
    write_training_report(write_training(training, 2, 3, num_mistakes=2))
    save_cell(PUBLISHED["DARTS_V1"].normal, "Normal cell", "cell")


def contents(folder):
    """Returns the content of each file that was drawn."""
    paths = (p for p in folder.rglob("*") if p.suffix in (".html", ".svg", ".png"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


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
    assert len(contents(usual)) == 4 and contents(changed) == contents(usual)
