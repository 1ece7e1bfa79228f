"""A trained network as it is served: images as they are in, probabilities out."""

import os

import keras
import tensorflow as tf

from darts_tf.data.images.augmentation import Augmentation
from darts_tf.data.images.large_images import LargeImageAugmentation
from darts_tf.formats.model_files import image_model
from darts_tf.formats.model_files import write_saved_model as write_endpoints
from darts_tf.serving.trained_network import TrainedNetwork


def serving_model(trained: TrainedNetwork) -> keras.Model:
    """Makes the Keras model of images as users have them.

    Args:
        trained: A `TrainedNetwork`.

    Returns:
        Keras model of float32 `images` of shape `(batch, height, width, channels)`
        with values in [0, 255], to a dictionary of `logits` and `probabilities`, both
        of shape `(batch, classes)`.
    """
    return image_model(trained.network, trained.image_shape, trained.mean, trained.std)


def write_saved_model(
    model: keras.Model, trained: TrainedNetwork, folder: str | os.PathLike
) -> None:
    """Writes a SavedModel for TensorFlow Serving.

    Its signatures are `serving_default` (float32 images), `serving_uint8` (the same
    as integers) and `serving_bytes` (JPEG or PNG files of any size).

    Args:
        model: What `serving_model` returned.
        trained: Its `TrainedNetwork`. If it has names of classes, the signatures also
            return the `class_name` of the most probable one.
        folder: Where to.
    """
    shape = model.inputs[0].shape
    floats = tf.TensorSpec(shape, tf.float32, "images")

    # All signatures call this one traced function, since each would hold the network
    # by itself otherwise.
    @tf.function(input_signature=[floats], autograph=False)
    def respond(images):
        outputs = model(images, training=False)
        if trained.class_names:
            best = tf.argmax(outputs["logits"], axis=-1)
            outputs["class_name"] = tf.gather(trained.class_names, best)
        return outputs

    def respond_to_integers(images):
        return respond(tf.cast(images, tf.float32))

    def respond_to_files(image_bytes):
        return respond(decode_files(image_bytes, trained))

    write_endpoints(
        {
            "serving_default": (respond, floats),
            "serving_uint8": (
                respond_to_integers,
                tf.TensorSpec(shape, tf.uint8, "images"),
            ),
            "serving_bytes": (
                respond_to_files,
                tf.TensorSpec([None], tf.string, "image_bytes"),
            ),
        },
        folder,
    )


def decode_files(image_bytes: tf.Tensor, trained: TrainedNetwork) -> tf.Tensor:
    """Decodes image files and brings them to the network's size, as an evaluation does.

    Which depends on the stem, as it does there. A mean of 0 and a standard deviation of
    1/255 leave the values as they are.

    Args:
        image_bytes: String tensor of shape `(batch,)`.
        trained: The `TrainedNetwork`.

    Returns:
        float32 tensor of images with values in [0, 255].
    """
    shape = trained.image_shape
    unchanged = {"mean": (0.0,) * shape[-1], "std": (1 / 255,) * shape[-1]}
    if trained.network.stem == "imagenet":
        augmentation = LargeImageAugmentation(**unchanged)
    else:
        augmentation = Augmentation(crop_padding=0, flip=False, cutout=0, **unchanged)
    return tf.map_fn(
        lambda file: augmentation.evaluation_image(file, shape),
        image_bytes,
        fn_output_signature=tf.TensorSpec(shape, tf.float32),
    )
