"""Keras models of images in files that their runtimes run without this project."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from darts_tf.autodiff.named_gradients import for_inference
from darts_tf.errors import UserError, first_line
from darts_tf.formats.format import FORMATS, SAVED_MODEL

# What a signature calls, and the tensor that it takes.
Endpoint = tuple[Callable, tf.TensorSpec]


def image_model(
    network: keras.Layer,
    image_shape: Sequence[int],
    mean: Sequence[float],
    std: Sequence[float],
) -> keras.Model:
    """Makes the Keras model of images as users have them.

    Args:
        network: Network of standardized images, whose output is logits.
        image_shape: Height, width and channels.
        mean, std: Of each channel, of values in [0, 1].

    Returns:
        Keras model of float32 `images` of shape `(batch, height, width, channels)`
        with values in [0, 255], to a dictionary of `logits` and `probabilities`, both
        of shape `(batch, classes)`.
    """
    images = keras.Input(tuple(image_shape), name="images")
    mean, std = np.asarray(mean), np.asarray(std)
    # `Rescaling` and not `Normalization`, whose arrays become inputs of their own in
    # ONNX.
    normalize = keras.layers.Rescaling(1 / (255 * std), -mean / std)
    logits = network(normalize(images))
    probabilities = keras.layers.Softmax()(logits)
    return keras.Model(images, {"logits": logits, "probabilities": probabilities})


def write_model(model: keras.Model, format: str, folder: str | os.PathLike) -> Path:
    """Writes a model of one input.

    A SavedModel gets it as its one signature, `serving_default`.

    Args:
        model: The model.
        format: One of `FORMATS`.
        folder: Where to; it is made if need be.

    Returns:
        What a runtime loads: the file, or the folder of a SavedModel.

    Raises:
        UserError: If it cannot be written.
    """
    if format == SAVED_MODEL:
        (images,) = model.inputs
        spec = tf.TensorSpec(images.shape, images.dtype, images.name)

        def respond(images):
            return model(images, training=False)

        return write_saved_model({"serving_default": (respond, spec)}, folder)
    path = Path(folder) / FORMATS[format].file
    path.parent.mkdir(parents=True, exist_ok=True)
    with for_inference():
        try:
            model.export(
                str(path), format=format, input_signature=model.inputs, verbose=False
            )
        except tf.errors.OpError as error:
            raise _unwritten(error) from error
    return path


def write_saved_model(
    endpoints: Mapping[str, Endpoint], folder: str | os.PathLike
) -> Path:
    """Writes a SavedModel.

    Args:
        endpoints: The function of each signature, and the tensor that it takes, by
            name.
        folder: Where to.

    Returns:
        The folder.

    Raises:
        UserError: If it cannot be written.
    """
    archive = keras.export.ExportArchive()
    # Custom gradients are left out, because a served network is not trained.
    options = tf.saved_model.SaveOptions(experimental_custom_gradients=False)
    with for_inference():
        try:
            for name, (function, spec) in endpoints.items():
                archive.add_endpoint(name, function, [spec])
            archive.write_out(os.fspath(folder), options=options, verbose=False)
        except tf.errors.OpError as error:
            raise _unwritten(error) from error
    return Path(folder)


def _unwritten(error):
    return UserError(f"The export cannot be written ({first_line(error)}).")
