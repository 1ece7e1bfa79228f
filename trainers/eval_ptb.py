"""Trains the language model of a genotype: `python -m trainers.eval_ptb --genotype=...`

The text is the Penn Treebank, or any other. Without `--genotype` the cell is that of
the paper, DARTS_V2.
"""

from darts_tf.experiments.recurrent_evaluation.config import PTB
from darts_tf.experiments.recurrent_evaluation.evaluation import evaluate
from darts_tf.experiments.recurrent_evaluation.results import read_results
from flags.language_training import training_flags
from trainers import program, run_program


def main():
    run_program.train(training_flags, _evaluate, "model", _results)


def _evaluate(config):
    valid, test = evaluate(config)
    return f"validation perplexity {valid:.2f}, test perplexity {test:.2f}"


def _results(folder):
    results = read_results(folder)
    return (
        f"Test perplexity {results['test_perplexity']:.2f}, validation perplexity "
        f"{results['val_perplexity']:.2f} after epoch {results['best_epoch']}, the best"
    )


def run(defaults=PTB, doc=__doc__):
    """Runs this trainer with the defaults of a `LanguageConfig`."""
    program.run(main, training_flags.define(defaults=defaults), doc)


if __name__ == "__main__":
    run()
