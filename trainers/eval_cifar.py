"""Trains the network of a genotype: `python -m trainers.eval_cifar --genotype=...`.

Without `--genotype` it is that of the paper, DARTS_V2.
"""

from absl import flags

from darts_tf import run_layout
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.experiments.convolutional_evaluation import experiment
from darts_tf.experiments.convolutional_evaluation.config import CIFAR10
from darts_tf.experiments.convolutional_evaluation.recorder import errors
from flags import image_training as training_flags
from flags.default_genotype import print_default_genotype
from trainers import program


def main():
    config, output = training_flags.to_config(), training_flags.output_folder()
    print_default_genotype(flags.FLAGS)
    configure_runtime(config)
    if flags.FLAGS.evaluate_only:
        metrics = experiment.evaluate(config)
        print(f"loss {metrics['loss']:.4f}, {errors(metrics)}")
        return
    with program.continued_by_same_command(output):
        folder = experiment.train(config, output)
    print(f"Best network:   {folder / run_layout.BEST_MODEL_FILE}")
    print(f"Latest network: {folder / run_layout.LATEST_MODEL_FILE}")
    print(f"Report:         {folder / run_layout.REPORT_FILE}")


def run(defaults=CIFAR10, doc=__doc__):
    """Runs this trainer with the defaults of an `ImageTrainingConfig`."""
    program.run(main, training_flags.define(defaults), doc)


if __name__ == "__main__":
    run()
