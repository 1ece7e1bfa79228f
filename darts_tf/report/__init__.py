"""Drawings of cells, figures and the reports of searches and trainings."""

from darts_tf.report.alpha_figures import alpha_heat_map as alpha_heat_map
from darts_tf.report.cell_drawing import draw_cell as draw_cell
from darts_tf.report.cell_drawing import draw_recurrent_cell as draw_recurrent_cell
from darts_tf.report.cell_drawing import save_cell as save_cell
from darts_tf.report.cell_drawing import save_recurrent_cell as save_recurrent_cell
from darts_tf.report.figure_files import figure_to_png as figure_to_png
from darts_tf.report.language_report import (
    write_language_report as write_language_report,
)
from darts_tf.report.recurrent_search_report import (
    write_recurrent_search_report as write_recurrent_search_report,
)
from darts_tf.report.search_report import write_search_report as write_search_report
from darts_tf.report.training_report import (
    write_training_report as write_training_report,
)
from darts_tf.report.warning_signs import warning_signs as warning_signs
