"""Trains the language model of a genotype: `python -m trainers.eval_ptb --genotype=...`

on the Penn Treebank, or any other text. Without `--genotype` the cell is that of the
paper, DARTS_V2.
"""

from absl import flags

from darts_tf import run_layout
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.experiments.recurrent_evaluation import experiment
from darts_tf.experiments.recurrent_evaluation.config import PTB
from flags import language_training as training_flags
from flags.default_genotype import print_default_genotype
from trainers import program


def main():
    config, output = training_flags.to_config(), training_flags.output_folder()
    print_default_genotype(flags.FLAGS)
    configure_runtime(config)
    if flags.FLAGS.evaluate_only:
        valid, test = experiment.evaluate(config)
        print(f"validation perplexity {valid:.2f}, test perplexity {test:.2f}")
        return
    with program.continued_by_same_command(output):
        folder = experiment.train(config, output)
    results = experiment.read_results(folder)
    print(
        f"\nTest perplexity {results['test_perplexity']:.2f}, validation perplexity "
        f"{results['val_perplexity']:.2f} after epoch {results['best_epoch']}, the best"
    )
    print(f"Best model:   {folder / run_layout.BEST_MODEL_FILE}")
    print(f"Latest model: {folder / run_layout.LATEST_MODEL_FILE}")
    print(f"Report:       {folder / run_layout.REPORT_FILE}")


def run(defaults=PTB, doc=__doc__):
    """Runs this trainer with the defaults of a `LanguageConfig`."""
    program.run(main, training_flags.define(defaults), doc)


if __name__ == "__main__":
    run()
