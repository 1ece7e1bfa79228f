"""Flags of `trainers.import_weights`; defaults stand in `ImportConfig`."""

import dataclasses

from absl import flags

from darts_tf.limits import MAX_EXPORTED_IMAGE_SIZE
from darts_tf.weights.import_weights import ImportConfig
from flags.flag_definer import FlagDefiner


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    define = FlagDefiner(ImportConfig, flag_values)
    define.group("Import")
    define.string(
        "genotype",
        "Whose cells the weights are of: a published name such as DARTS_V2, a genotype "
        "file, or the folder of a search. Required.",
    )
    define.string("output", "Keras file to write, *.keras. Required.")
    flags.mark_flags_as_required(["genotype", "output"], flag_values)
    define.integer(
        "image_size",
        "Height and width of the images in pixels; default is the paper's, 32 for "
        "CIFAR-10 and 224 for ImageNet.",
        1,
        MAX_EXPORTED_IMAGE_SIZE,
    )
    return define.groups


def to_config(flag_values=flags.FLAGS):
    """Returns the `ImportConfig` that the parsed flags describe."""
    names = [field.name for field in dataclasses.fields(ImportConfig)]
    return ImportConfig(**{name: getattr(flag_values, name) for name in names})
