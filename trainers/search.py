"""Searches convolutional cells: `python -m trainers.search --order=second`."""

from darts_tf.genotype.convolutional_genotype import Genotype
from flags.search import search_flags
from trainers import program, run_program


def main():
    run_program.search(search_flags, Genotype)


def run():
    """Runs this trainer, as a script or an installed command."""
    program.run(main, search_flags.define(), __doc__)


if __name__ == "__main__":
    run()
