"""Trains the network of a genotype: `python -m trainers.eval_cifar --genotype=...`.

Without `--genotype` it is that of the paper, DARTS_V2.
"""

from absl import flags

from darts_tf.training import image_training
from darts_tf.training.image_config import CIFAR10
from darts_tf.training.image_recorder import errors
from darts_tf.training.runtime import configure_runtime
from flags import image_training as training_flags
from flags.default_genotype import print_default_genotype
from trainers import program


def main():
    config, output = training_flags.to_config(), training_flags.output_folder()
    print_default_genotype(flags.FLAGS)
    configure_runtime(config)
    if flags.FLAGS.evaluate_only:
        metrics = image_training.evaluate(config)
        print(f"loss {metrics['loss']:.4f}, {errors(metrics)}")
        return
    with program.continued_by_same_command(output):
        folder = image_training.train(config, output)
    print(f"Best network:   {folder / 'model_best.keras'}")
    print(f"Latest network: {folder / 'model_latest.keras'}")
    print(f"Report:         {folder / 'report.html'}")


def run(defaults):
    """Runs this trainer with the defaults of an `ImageTrainingConfig`."""
    program.run(main, training_flags.define(defaults))


if __name__ == "__main__":
    run(CIFAR10)
