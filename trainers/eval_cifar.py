"""Trains the network of a genotype: `python -m trainers.eval_cifar --genotype=...`."""

import pathlib
import sys

from absl import app, flags, logging

from darts_tf.errors import UserError, end_program
from darts_tf.training import image_training
from darts_tf.training.image_config import CIFAR10
from darts_tf.training.image_recorder import errors
from darts_tf.training.runtime import configure_runtime
from flags import image_training as training_flags


def main(argv):
    if len(argv) > 1:
        raise app.UsageError(f"Unexpected argument: {argv[1]}")
    logging.set_verbosity(logging.WARNING)
    output = training_flags.output_folder()
    try:
        config = training_flags.to_config()
        configure_runtime(config)
        if flags.FLAGS.evaluate_only:
            metrics = image_training.evaluate(config)
            print(f"loss {metrics['loss']:.4f}, {errors(metrics)}")
            return
        folder = image_training.train(config, output)
    except (UserError, OSError) as error:
        end_program(f"trainers.{pathlib.Path(argv[0]).stem}", error)
    except KeyboardInterrupt:
        sys.exit(f"\nInterrupted. The same command with --output={output} continues.")
    print(f"Best network:   {folder / 'model_best.keras'}")
    print(f"Latest network: {folder / 'model_latest.keras'}")
    print(f"Report:         {folder / 'report.html'}")


def run(defaults):
    """Runs this trainer with the defaults of an `ImageTrainingConfig`."""
    training_flags.define(defaults)
    app.run(main)


if __name__ == "__main__":
    run(CIFAR10)
