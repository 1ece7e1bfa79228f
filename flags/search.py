"""Flags of `trainers.search`; defaults stand in `SearchConfig`."""

import dataclasses

from absl import flags

from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.limits import (
    MAX_BATCH_SIZE,
    MAX_CELLS,
    MAX_CHANNELS,
    MAX_COUNT,
    MAX_IMAGE_SIZE,
    MAX_NODES,
)
from flags.flag_definer import FlagDefiner, dated_folder

_DEFAULTS = SearchConfig()
_FIELDS = [field.name for field in dataclasses.fields(SearchConfig)]


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    definer = FlagDefiner(_DEFAULTS, flag_values)
    _define_method(definer)
    _define_data(definer)
    _define_network(definer)
    _define_optimization(definer)
    definer.devices()
    definer.sync_batch_norm()
    definer.run()
    definer.profile()
    definer.group("Computation")
    definer.precision()
    definer.boolean("jit_compile", "Whether XLA compiles the step; not on a CPU.")
    definer.boolean(
        "recompute",
        "Whether the gradient computes the mixed operations again instead of keeping "
        "what they computed: half of the memory, for a quarter more time.",
    )
    return definer.groups


def to_config(flag_values=flags.FLAGS):
    """Returns the `SearchConfig` that the parsed flags describe."""
    values = {name: getattr(flag_values, name) for name in _FIELDS}
    for name in ("primitives", "primitive_modules", "devices"):
        values[name] = tuple(values[name])
    return SearchConfig(**values)


def output_folder(flag_values=flags.FLAGS):
    """Returns the run folder: `--output`, or one named after the present time."""
    return flag_values.output or dated_folder("search")


def _define_method(define):
    define.group("Method")
    define.choice(
        "order",
        ["first", "second"],
        "Gradient of the architecture (paper, section 2.3): at the weights as they "
        "are, or at the weights after one step. See the README for what each costs.",
    )
    define.choice(
        "hessian",
        ["exact", "finite_difference"],
        "Mixed derivative of the second order: exactly, by nested gradient tapes or "
        "dual numbers, or by the paper's finite difference (equation 8), which is "
        "about a fifth cheaper. See the README for what each costs.",
    )


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
        "Height and width in pixels to which images are brought; default is their "
        "own size.",
        4,
        MAX_IMAGE_SIZE,
    )
    define.number(
        "train_portion",
        "Share of the training images that train w; the others train alpha.",
        0.001,
        0.999,
    )
    define.integer(
        "crop_padding",
        "Pixels added around an image before a random crop; default is an eighth of "
        "the image size (4 for CIFAR-10).",
        0,
        MAX_IMAGE_SIZE // 2,
    )
    define.boolean(
        "flip", "Whether images are mirrored at random; default: all but digits."
    )
    define.boolean("cutout", "Whether a square of each training image is erased.")
    define.integer(
        "cutout_length", "Side of the erased square in pixels.", 1, MAX_IMAGE_SIZE
    )


def _define_network(define):
    define.group("Network")
    define.integer("layers", "Number of cells (paper: 8).", 1, MAX_CELLS)
    define.integer("init_channels", "Channels of the first cells.", 2, MAX_CHANNELS)
    define.integer("nodes", "Intermediate nodes of a cell (paper: 4).", 1, MAX_NODES)
    define.names("primitives", "Operations on each edge, by name.")
    define.names(
        "primitive_modules",
        "Python modules to import that register primitives of your own.",
    )


def _define_optimization(define):
    define.group("Optimization")
    define.integer("epochs", "Number of epochs.", 1, MAX_COUNT)
    define.integer(
        "steps_per_epoch",
        "Steps of an epoch; default is one pass over the images that train w.",
        1,
        MAX_COUNT,
    )
    define.integer(
        "validation_steps",
        "Batches of the validation after an epoch; default is as many as "
        "--steps_per_epoch, or all.",
        1,
        MAX_COUNT,
    )
    define.integer(
        "batch_size",
        "Images of each half in a step, on all devices together.",
        2,
        MAX_BATCH_SIZE,
    )
    define.number("learning_rate", "Of w, at the start.")
    define.number("learning_rate_min", "Of w, towards the end of the cosine.")
    define.number("momentum", "Of w.", 0.0, 0.99999)
    define.number("weight_decay", "Of w, added to the gradient.")
    define.number("gradient_clip", "Largest norm of the gradient of w.", 1e-6)
    define.number("arch_learning_rate", "Of alpha (Adam).")
    define.number("arch_weight_decay", "Of alpha, added to the gradient.")
