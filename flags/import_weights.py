"""Flags of `trainers.import_weights`; defaults stand in `ImportConfig`."""

import dataclasses

from absl import flags

from darts_tf.export.import_weights import ImportConfig


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`."""
    more = {"flag_values": flag_values}
    flags.DEFINE_string(
        "genotype",
        None,
        "Whose cells the weights are of: a published name such as DARTS_V2, a genotype "
        "file, or the folder of a search.",
        required=True,
        **more,
    )
    flags.DEFINE_string(
        "output", None, "Keras file to write, *.keras.", required=True, **more
    )
    flags.DEFINE_integer(
        "image_size",
        ImportConfig.image_size,
        "Height and width of the images in pixels; default is the paper's, 32 for "
        "CIFAR-10 and 224 for ImageNet.",
        lower_bound=1,
        upper_bound=4096,
        **more,
    )


def to_config(flag_values=flags.FLAGS):
    """Returns the `ImportConfig` that the parsed flags describe."""
    names = [field.name for field in dataclasses.fields(ImportConfig)]
    return ImportConfig(**{name: getattr(flag_values, name) for name in names})
