"""Flags of `trainers.export`; defaults stand in `ExportConfig`."""

import dataclasses
import math

from absl import flags

from darts_tf.export.image_export import FORMATS, ExportConfig
from darts_tf.limits import MAX_EXPORTED_IMAGE_SIZE
from flags.flag_definer import FlagDefiner

_FIELDS = [field.name for field in dataclasses.fields(ExportConfig)]
_NUMBERS = ("mean", "std")


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    define = FlagDefiner(ExportConfig, flag_values)
    define.group("Files")
    define.string("run", "Folder of a training, or a .keras file. Required.")
    define.string("output", "Folder that gets the next version: 1, 2, ... Required.")
    flags.mark_flags_as_required(["run", "output"], flag_values)
    define.choice("format", FORMATS, "What to write; see docs/serving.md.")
    _define_images(define)
    define.group("Modules")
    define.names(
        "primitive_modules",
        "Python modules to import that register primitives of your own.",
    )
    define.names("activation_modules", "The same for activations of a recurrent cell.")
    for name, least in (("mean", -math.inf), ("std", 0.0)):
        flags.register_validator(
            name,
            lambda values, least=least: _are_numbers(values, least),
            f"must be finite numbers{' above 0' if least == 0 else ''}, separated by "
            "commas.",
            flag_values,
        )
    return define.groups


def _define_images(define):
    define.group("Images")
    define.integer(
        "image_size",
        "Height and width of the images in pixels; default is that of the training.",
        4,
        MAX_EXPORTED_IMAGE_SIZE,
    )
    define.names(
        "mean",
        "Mean of each channel, of values from 0 to 1; default is that of the "
        "training, and for a .keras file that of the paper's data.",
    )
    define.names("std", "Standard deviation of each channel, likewise.")
    define.names("class_names", "Name of each class; default is those of the training.")


def to_config(flag_values=flags.FLAGS):
    """Returns the `ExportConfig` that the parsed flags describe."""
    values = {name: getattr(flag_values, name) for name in _FIELDS}
    for name in _NUMBERS:
        values[name] = tuple(map(float, values[name]))
    for name in ("class_names", "primitive_modules", "activation_modules"):
        values[name] = tuple(values[name])
    return ExportConfig(**values)


def _are_numbers(values, least):
    try:
        return all(least < float(value) < math.inf for value in values)
    except ValueError:
        return False
