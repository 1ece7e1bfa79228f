"""Searches convolutional cells: `python -m trainers.search --order=second`."""

from darts_tf.genotype.cells_genotype import ImageGenotype
from flags.search import search_flags
from trainers import program, run_program


def main():
    run_program.search(search_flags, ImageGenotype)


def run():
    """Runs this trainer, as a script or an installed command."""
    program.run(main, search_flags.define(), __doc__)


if __name__ == "__main__":
    run()
