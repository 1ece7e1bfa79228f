"""Searches convolutional cells by trials: `python -m trainers.baseline`.

With `--table` the cells are looked up instead of being trained.
"""

from darts_tf.genotype.cells_genotype import ImageGenotype
from flags.baseline import baseline_flags
from trainers import program, run_program


def main():
    run_program.search(baseline_flags, ImageGenotype)


def run():
    """Runs this trainer, as a script or an installed command."""
    program.run(main, baseline_flags.define(), __doc__)


if __name__ == "__main__":
    run()
