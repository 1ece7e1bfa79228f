"""Compares predicted latencies with measured ones: `python -m benchmarks.latency`.

Measures the table of a runtime, as far as that is not done, then exports the networks
of some genotypes as a whole and times them. What stands in the log is not measured
again, and the same log takes several runtimes, one call after the other. Draws all
latencies in it, and prints how well the tables predict them. The scale and the offset
are fitted to all networks but the one that they are tried on.
"""

import gc

import numpy as np

from benchmarks.latency.figure import latency_figure, latency_rows
from benchmarks.latency.flags import latency_flags
from benchmarks.latency.log import LatencyLog
from darts_tf.atomic_file import write_atomically
from darts_tf.costs.latency.verification import verify_latency
from darts_tf.errors import UserError
from darts_tf.experiments.costs.latency_measurement import (
    given_genotypes,
    measure_latency,
)
from darts_tf.report.figure_files import figure_to_svg
from trainers import program


def main():
    config = latency_flags.to_config()
    log, genotypes = LatencyLog(config.log), _genotypes(config)
    if not (genotypes or log.rows):
        raise UserError("There is nothing to measure: give `cells` or `genotypes`.")
    table, network = measure_latency(config), config.network()
    print(table)
    known = log.known(config, table)
    for name in [name for name in genotypes if name not in known]:
        found = verify_latency(network, genotypes[name], table, config.repetitions)
        log.add(config, table, name, found)
        print(f"{name}: {found}", flush=True)
        # Graphs refer to themselves, and would stay.
        gc.collect()
    write_atomically(config.figure, figure_to_svg(latency_figure(log.series())))
    print(latency_rows(log.series()))


def _genotypes(config):
    """The genotypes by the names that the log gives them."""
    space, rng = config.checked_space(), np.random.default_rng(config.seed)
    drawn = {f"random {n}": space.sample(rng) for n in range(1, config.cells + 1)}
    return {**drawn, **given_genotypes(config)}


if __name__ == "__main__":
    program.run(main, latency_flags.define(), __doc__)
