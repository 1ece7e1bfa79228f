"""Searches recurrent cells: `python -m trainers.search_rnn --order=second`."""

from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from flags.search_rnn import search_flags
from trainers import program, run_program


def main():
    run_program.search(search_flags, RecurrentGenotype)


def run():
    """Runs this trainer, as a script or an installed command."""
    program.run(main, search_flags.define(), __doc__)


if __name__ == "__main__":
    run()
