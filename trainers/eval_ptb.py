"""Trains the language model of a genotype: `python -m trainers.eval_ptb --genotype=...`

on the Penn Treebank, or any other text.
"""

import pathlib
import sys

from absl import app, flags, logging

from darts_tf.errors import UserError, end_program
from darts_tf.training import language_training
from darts_tf.training.language_config import PTB
from darts_tf.training.runtime import configure_runtime
from flags import language_training as training_flags


def main(argv):
    if len(argv) > 1:
        raise app.UsageError(f"Unexpected argument: {argv[1]}")
    logging.set_verbosity(logging.WARNING)
    output = training_flags.output_folder()
    try:
        config = training_flags.to_config()
        configure_runtime(config)
        if flags.FLAGS.evaluate_only:
            valid, test = language_training.evaluate(config)
            print(f"validation perplexity {valid:.2f}, test perplexity {test:.2f}")
            return
        folder = language_training.train(config, output)
    except (UserError, OSError) as error:
        end_program(f"trainers.{pathlib.Path(argv[0]).stem}", error)
    except KeyboardInterrupt:
        sys.exit(f"\nInterrupted. The same command with --output={output} continues.")
    results = language_training.read_results(folder)
    print(
        f"\nTest perplexity {results['test_perplexity']:.2f}, validation perplexity "
        f"{results['val_perplexity']:.2f} after epoch {results['best_epoch']}, the best"
    )
    print(f"Best model:   {folder / 'model_best.keras'}")
    print(f"Latest model: {folder / 'model_latest.keras'}")
    print(f"Report:       {folder / 'report.html'}")


def run(defaults):
    """Runs this trainer with the defaults of a `LanguageConfig`."""
    training_flags.define(defaults)
    app.run(main)


if __name__ == "__main__":
    run(PTB)
