"""Keras models of images in files that their runtimes run without this project."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from absl import logging

from darts_tf.autodiff.named_gradients import for_inference
from darts_tf.errors import UserError, first_line
from darts_tf.formats.format import SAVED_MODEL, loaded_path

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
    path = loaded_path(format, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _conversion():
        model.export(
            str(path), format=format, input_signature=model.inputs, verbose=False
        )
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
    with _conversion():
        for name, (function, spec) in endpoints.items():
            archive.add_endpoint(name, function, [spec])
        archive.write_out(os.fspath(folder), options=options, verbose=False)
    return Path(folder)


@contextlib.contextmanager
def _conversion() -> Iterator[None]:
    """Within, graphs are converted: for inference, and by TensorFlow's optimizer.

    Converters need that, and a search or a training on a CPU leaves it out. Only errors
    are logged, since TensorFlow warns of each gradient that a converter leaves out.
    """
    optimizer, name = tf.config.optimizer, "disable_meta_optimizer"
    was_left_out = optimizer.get_experimental_options().get(name, False)
    optimizer.set_experimental_options({name: False})
    verbosity = logging.get_verbosity()
    logging.set_verbosity(min(verbosity, logging.ERROR))
    try:
        with for_inference():
            yield
    except tf.errors.OpError as error:
        reason = f"The export cannot be written ({first_line(error)})."
        raise UserError(reason) from error
    finally:
        logging.set_verbosity(verbosity)
        optimizer.set_experimental_options({name: was_left_out})
