"""Trains a network for large images: `python -m trainers.eval_imagenet --data_dir=...`.

`trainers.eval_cifar` with the paper's settings for ImageNet as defaults.
"""

from darts_tf.experiments.convolutional_evaluation.config import IMAGENET
from trainers import eval_cifar


def run():
    """Runs this trainer, as a script or an installed command."""
    eval_cifar.run(IMAGENET, __doc__)


if __name__ == "__main__":
    run()
