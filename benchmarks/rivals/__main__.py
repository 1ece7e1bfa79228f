"""Compares the strategies on NAS-Bench-201: `python -m benchmarks.rivals --table=FILE`.

All cells of that space have been trained, so that a search takes a second and the best
cell is known. Draws the best validation accuracy so far and the test accuracy of that
cell, and prints a table of where the searches end: medians and, in brackets, quartiles.
"""

import time

from benchmarks.rivals.figure import rival_figure, rival_table
from benchmarks.rivals.flags import rivals_flags
from benchmarks.rivals.searches import search_all
from darts_tf.atomic_file import write_atomically
from darts_tf.report.figure_files import figure_to_svg
from darts_tf.spaces.cell_table import CellTable
from trainers import program


def main():
    config = rivals_flags.to_config()
    start, found = time.monotonic(), {}
    for rival, curves in search_all(config):
        found[rival] = curves
        print(f"{rival}: {curves.seconds:.2f} s of a search", flush=True)
    best = CellTable(config.table, config.dataset).best.valid
    figure = rival_figure(found, best, config.dataset)
    write_atomically(config.figure, figure_to_svg(figure))
    seconds = time.monotonic() - start
    print(f"{config.seeds} searches of each, {seconds:.0f} s in all; best: {best:.2f}")
    print(rival_table(found, best))


if __name__ == "__main__":
    program.run(main, rivals_flags.define(), __doc__)
