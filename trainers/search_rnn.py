"""Searches recurrent cells: `python -m trainers.search_rnn --order=second`."""

import sys

from absl import app, logging

from darts_tf.errors import UserError, end_program
from darts_tf.genotype import BEST_GENOTYPE_FILE
from darts_tf.recurrent_genotype import RecurrentGenotype
from darts_tf.training.recurrent_search import search
from darts_tf.training.runtime import configure_runtime
from flags import search_rnn as search_flags


def main(argv):
    if len(argv) > 1:
        raise app.UsageError(f"Unexpected argument: {argv[1]}")
    logging.set_verbosity(logging.WARNING)
    output = search_flags.output_folder()
    try:
        config = search_flags.to_config()
        configure_runtime(config)
        folder = search(config, output)
    except (UserError, OSError) as error:
        end_program("trainers.search_rnn", error)
    except KeyboardInterrupt:
        sys.exit(f"\nInterrupted. The same command with --output={output} continues.")
    genotype = folder / BEST_GENOTYPE_FILE
    print(f"\n{RecurrentGenotype.load(genotype)}\n")
    print(f"Genotype: {genotype}")
    print(f"Cell:     {folder / 'cells' / 'best_recurrent.png'}")
    print(f"Report:   {folder / 'report.html'}")


if __name__ == "__main__":
    search_flags.define()
    app.run(main)
