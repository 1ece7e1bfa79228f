"""Drawings of cells, figures and pages."""

from darts_tf.report.alpha_figures import alpha_heat_map as alpha_heat_map
from darts_tf.report.cell_drawing import draw_cell as draw_cell
from darts_tf.report.cell_drawing import save_cell as save_cell
from darts_tf.report.figure_files import figure_to_png as figure_to_png
from darts_tf.report.page import write_page as write_page
