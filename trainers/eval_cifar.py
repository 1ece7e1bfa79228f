"""Trains the network of a genotype: `python -m trainers.eval_cifar --genotype=...`.

Without `--genotype` it is that of the paper, DARTS_V2.
"""

from darts_tf.experiments.convolutional_evaluation.config import CIFAR10
from darts_tf.experiments.convolutional_evaluation.evaluation import evaluate
from darts_tf.experiments.convolutional_evaluation.recorder import errors
from flags.image_training import training_flags
from trainers import program, run_program


def main():
    run_program.train(training_flags, _evaluate, "network")


def _evaluate(config):
    metrics = evaluate(config)
    return f"loss {metrics['loss']:.4f}, {errors(metrics)}"


def run(defaults=CIFAR10, doc=__doc__):
    """Runs this trainer with the defaults of an `ImageTrainingConfig`."""
    program.run(main, training_flags.define(defaults=defaults), doc)


if __name__ == "__main__":
    run()
