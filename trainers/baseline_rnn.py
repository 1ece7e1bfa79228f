"""Searches recurrent cells by trials: `python -m trainers.baseline_rnn`."""

from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from flags.baseline_rnn import baseline_flags
from trainers import program, run_program


def main():
    run_program.search(baseline_flags, RecurrentGenotype)


def run():
    """Runs this trainer, as a script or an installed command."""
    program.run(main, baseline_flags.define(), __doc__)


if __name__ == "__main__":
    run()
