"""Flags of `benchmarks.input_pipeline`; defaults stand in `PipelineConfig`."""

import dataclasses

from absl import flags

from benchmarks.pipeline_settings import RECIPES, PipelineConfig
from darts_tf.limits import MAX_BATCH_SIZE, MAX_COUNT, MAX_IMAGE_SIZE
from flags.flag_definer import FlagDefiner

_FIELDS = [field.name for field in dataclasses.fields(PipelineConfig)]


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    define = FlagDefiner(PipelineConfig(), flag_values)
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
    define.choice(
        "recipe",
        RECIPES,
        "How training images are changed: padded, cropped, mirrored and cut out, or "
        "random parts of them, mirrored and changed in colour.",
    )
    define.integer("batch_size", "Images of a batch.", 1, MAX_BATCH_SIZE)
    define.integer("batches", "Batches measured after the first.", 1, MAX_COUNT)
    return define.groups


def to_config(flag_values=flags.FLAGS):
    """Returns the `PipelineConfig` that the parsed flags describe."""
    return PipelineConfig(**{name: getattr(flag_values, name) for name in _FIELDS})
