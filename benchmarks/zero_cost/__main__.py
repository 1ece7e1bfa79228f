"""Ranks NAS-Bench-201 without training: `python -m benchmarks.zero_cost --table=FILE`.

Weights and mult-adds are counted of all cells. The other scores are measured on some,
in one search network with one-hot coefficients, and written to a log; what stands there
is not measured again. Draws the accuracies against the scores, and prints Spearman's
correlation of both with its interval of 95 %, by Fisher's transform.
"""

import time

import numpy as np

from benchmarks.zero_cost.cells import accuracies, all_cells, counted, sampled
from benchmarks.zero_cost.figure import ScoredCells, zero_cost_figure, zero_cost_table
from benchmarks.zero_cost.flags import zero_cost_flags
from benchmarks.zero_cost.log import MEASURED, ZeroCostLog
from benchmarks.zero_cost.network import ScoredNetwork, images_of
from darts_tf.atomic_file import write_atomically
from darts_tf.report.figure_files import figure_to_svg
from trainers import program

# Cells that are written to the log at a time.
_PART = 10


def main():
    config = zero_cost_flags.to_config()
    of_all, log = accuracies(config), ZeroCostLog(config.log)
    images = images_of(config)
    counts = counted(config, images.shape[1:])
    found = [ScoredCells(name, counts[name], of_all) for name in sorted(counts)]
    _measure(config, log, images)
    scores, cells = log.found(config), sampled(config)
    for name in MEASURED:
        values = np.array([scores[cell][name] for cell in cells])
        found.append(ScoredCells(name, values, of_all[:, cells]))
    figure = zero_cost_figure(found, f"Scores without training, {config.dataset}")
    write_atomically(config.figure, figure_to_svg(figure))
    print(zero_cost_table(found))


def _measure(config, log, images):
    """Scores the cells that are not in the log yet."""
    known, cells = log.found(config), all_cells()
    left = [cell for cell in sampled(config) if cell not in known]
    print(f"{len(left)} cells to score with {len(images)} images of {config.images}")
    if not left:
        return
    network, start = ScoredNetwork(config, images), time.monotonic()
    for first in range(0, len(left), _PART):
        part = left[first : first + _PART]
        log.add(config, {cell: network.scores(cells[cell]) for cell in part})
        seconds = time.monotonic() - start
        print(f"{first + len(part)} cells, {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    program.run(main, zero_cost_flags.define(), __doc__)
