"""Flags of the trainers of evaluation networks.

Defaults stand in `darts_tf.experiments.convolutional_evaluation.config`.
"""

import dataclasses

from absl import flags

from darts_tf.convolutional.evaluation_network import STEMS
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.limits import (
    MAX_BATCH_SIZE,
    MAX_CELLS,
    MAX_CHANNELS,
    MAX_COUNT,
    MAX_IMAGE_SIZE,
)
from flags.flag_definer import FlagDefiner, dated_folder

_FIELDS = [field.name for field in dataclasses.fields(ImageTrainingConfig)]


def define(defaults, flag_values=flags.FLAGS):
    """Defines the flags, with the defaults of an `ImageTrainingConfig`.

    Returns:
        Their helps by group, see `FlagDefiner`.
    """
    definer = FlagDefiner(defaults, flag_values)
    _define_data(definer)
    _define_network(definer)
    _define_optimization(definer)
    definer.devices()
    definer.sync_batch_norm()
    definer.run()
    definer.boolean(
        "evaluate_only",
        "Whether the network of --weights is evaluated and nothing is trained.",
    )
    definer.profile()
    definer.group("Computation")
    definer.precision()
    definer.boolean("jit_compile", "Whether XLA compiles the step; not on a CPU.")
    return definer.groups


def to_config(flag_values=flags.FLAGS):
    """Returns the `ImageTrainingConfig` that the parsed flags describe."""
    values = {name: getattr(flag_values, name) for name in _FIELDS}
    for name in ("devices", "primitive_modules"):
        values[name] = tuple(values[name])
    return ImageTrainingConfig(**values)


def output_folder(flag_values=flags.FLAGS):
    """Returns the run folder: `--output`, or one named after the present time."""
    return flag_values.output or dated_folder("eval")


def _define_data(define):
    define.group("Data")
    define.string(
        "dataset",
        "digits (ships with scikit-learn), the name of a TFDS image classification "
        "set, or a folder with one folder of images for each class.",
    )
    define.string("data_dir", "Folder with TFDS data; default is that of TFDS.")
    define.integer(
        "image_size",
        "Height and width in pixels to which images are brought; they keep their "
        "own where there is no default.",
        4,
        MAX_IMAGE_SIZE,
    )
    define.boolean("skip_damaged", "Whether images that cannot be read are left out.")
    define.boolean(
        "flip", "Whether images are mirrored at random; default: all but digits."
    )
    define.boolean("cutout", "Whether a square of each training image is erased.")
    define.integer(
        "cutout_length",
        "Side of the erased square in pixels; default is half of the image size (16 "
        "for CIFAR-10).",
        1,
        MAX_IMAGE_SIZE,
    )


def _define_network(define):
    define.group("Network")
    define.string(
        "genotype",
        "The cells: a published name such as DARTS_V2, a genotype file, or the folder "
        "of a search, which stands for the best genotype in it.",
    )
    define.names(
        "primitive_modules",
        "Python modules to import that register primitives of your own.",
    )
    define.integer(
        "layers", "Number of cells (paper: 20, and 14 for ImageNet).", 1, MAX_CELLS
    )
    define.integer(
        "init_channels",
        "Channels of the first cells (paper: 36, and 48 for ImageNet).",
        2,
        MAX_CHANNELS,
    )
    define.choice("stem", STEMS, "Stem and augmentation for small images, or large.")
    define.boolean("auxiliary", "Whether there is an auxiliary head.")
    define.number("auxiliary_weight", "Weight of the auxiliary head's loss.")
    define.number(
        "drop_path_rate",
        "Probability to drop a path, reached linearly over the epochs.",
        0.0,
        0.99,
    )
    define.string(
        "weights",
        "Weights to begin with or to evaluate: the folder of a training, a .keras "
        "file, or a PyTorch checkpoint of the authors' code; default is random ones.",
    )


def _define_optimization(define):
    define.group("Optimization")
    define.integer("epochs", "Number of epochs.", 1, MAX_COUNT)
    define.integer(
        "steps_per_epoch",
        "Steps of an epoch; default is one pass over the training images.",
        1,
        MAX_COUNT,
    )
    define.integer(
        "validation_steps",
        "Batches of the validation after an epoch; default is all.",
        1,
        MAX_COUNT,
    )
    define.integer("batch_size", "Images of a step.", 2, MAX_BATCH_SIZE)
    define.integer(
        "accumulation_steps",
        "Parts of a batch that go through the network one after the other, to save "
        "memory.",
        1,
        MAX_BATCH_SIZE,
    )
    define.choice(
        "schedule",
        ["cosine", "exponential"],
        "How the learning rate falls from epoch to epoch.",
    )
    define.number("learning_rate", "At the start.")
    define.number("learning_rate_min", "At the end of the cosine.")
    define.number(
        "learning_rate_decay", "Factor an epoch of the exponential schedule.", 0.0, 1.0
    )
    define.number("momentum", "Of the gradient descent.", 0.0, 0.99999)
    define.number("weight_decay", "Added to the gradient after clipping.")
    define.number("gradient_clip", "Largest norm of the gradient.", 1e-6)
    define.number(
        "label_smoothing", "Share of the target that all classes get alike.", 0.0, 0.99
    )
