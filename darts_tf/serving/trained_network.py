"""A trained network for images, with all that its user must know of its data."""

import dataclasses
import os
from pathlib import Path

import numpy as np

from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.data.images.decoding import fit
from darts_tf.data.images.image_dataset import CHANNEL_STATISTICS
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_evaluation.results import CONFIG_FORMAT
from darts_tf.run_layout import BEST_MODEL_FILE, CONFIG_FILE, PREDICTIONS_FILE
from darts_tf.runs.run_config import damaged, read_config
from darts_tf.serving.export_config import ExportConfig
from darts_tf.weights.saved_network import load_keras_network

IMAGE_TRAINING = CONFIG_FORMAT
# Data of the paper by stem: published weights were trained on these.
_DATA_OF_STEM = {"cifar": "cifar10", "imagenet": "imagenet2012"}
_MAX_IMAGES = 16


@dataclasses.dataclass(frozen=True)
class TrainedNetwork:
    """What a training has left.

    Attributes:
        network: `ImageNetwork` for float32, without auxiliary head.
        image_shape: Height, width and channels.
        mean, std: Of each channel, of values in [0, 1].
        class_names: Name of each class; empty if unknown.
        images: Some real images, uint8 of shape `(count, height, width, channels)`.
        images_from: What they are, in words.
    """

    network: ImageNetwork
    image_shape: tuple[int, int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    class_names: tuple[str, ...]
    images: np.ndarray
    images_from: str

    def __post_init__(self):
        channels, classes = self.image_shape[-1], self.network.num_classes
        for name, values, count in (
            ("mean", self.mean, channels),
            ("std", self.std, channels),
            ("class_names", self.class_names or range(classes), classes),
        ):
            if len(values) != count:
                raise UserError(
                    f"`{name}` needs {count} values for this network; "
                    f"{len(values)} came."
                )


def run_format(run: str | os.PathLike) -> str:
    """Returns what kind of run lies in a folder; of a `.keras` file, `IMAGE_TRAINING`.

    Raises:
        UserError: If there is no run.
    """
    path = Path(run)
    if path.suffix == ".keras":
        return IMAGE_TRAINING
    if not (path / CONFIG_FILE).is_file():
        raise UserError(
            f"`run`={run} is neither the folder of a training nor a .keras file."
        )
    return read_config(path)["format"]


def read_trained_network(config: ExportConfig) -> TrainedNetwork:
    """Reads the best network of a run, or a Keras file.

    Args:
        config: `ExportConfig`; what it says goes before what the run says.

    Returns:
        `TrainedNetwork`.

    Raises:
        UserError: If a file is missing or damaged, or something has to be given.
    """
    run = Path(config.run)
    is_file = run.suffix == ".keras"
    path = run if is_file else run / BEST_MODEL_FILE
    if not path.is_file():
        raise UserError(f"{path} does not exist; give `run` a finished training.")
    network = load_keras_network(path)
    data = {} if is_file else read_config(run)["data"]
    shape = data.get("image_shape") or network.get_build_config()["input_shape"][1:]
    channels = network.image_channels
    if shape[-1] != channels:
        expected = f'"image_shape" of {channels} channels, as the network has'
        raise damaged(run / CONFIG_FILE, expected, shape)
    if config.image_size:
        shape = (config.image_size, config.image_size, shape[-1])
    mean, std = _statistics(config, data, network.stem, shape[-1])
    images, images_from = _real_images(run, tuple(shape), data)
    return TrainedNetwork(
        network=_for_inference(network, shape),
        image_shape=tuple(shape),
        mean=tuple(mean),
        std=tuple(std),
        class_names=tuple(config.class_names or data.get("class_names") or ()),
        images=images,
        images_from=images_from,
    )


def _for_inference(network, image_shape):
    """Copies a network: no auxiliary head, and float32 also after mixed precision."""
    config, head = {**network.get_config(), "dtype": "float32"}, []
    if network.auxiliary:
        config["auxiliary"], head = False, network.auxiliary_head.weights
    copy = type(network).from_config(config)
    copy.build((None, *image_shape))
    left_out = {id(variable) for variable in head}
    kept = [variable for variable in network.weights if id(variable) not in left_out]
    for variable, value in zip(copy.weights, kept, strict=True):
        variable.assign(value)
    return copy


def _statistics(config, data, stem, channels):
    published = CHANNEL_STATISTICS.get(_DATA_OF_STEM[stem], ())
    defaults = published if published and len(published[0]) == channels else ((), ())
    mean = config.mean or data.get("mean") or defaults[0]
    std = config.std or data.get("std") or defaults[1]
    if not mean or not std:
        raise UserError(
            f"`run`={config.run} does not say how images are normalized; give `mean` "
            "and `std` of each channel, of values from 0 to 1."
        )
    return mean, std


def _real_images(run, shape, data):
    """Returns images that the run has kept, else parts of two photographs."""
    try:
        with np.load(run / PREDICTIONS_FILE, allow_pickle=False) as file:
            images = file["images"][:_MAX_IMAGES]
        if len(images) and images.shape[1:] == shape and images.dtype == np.uint8:
            return images, f"{len(images)} images of {data['name']}"
    except Exception:  # a damaged file may raise anything
        pass  # other images serve the comparison as well
    return _photographs(shape), "8 photographs that ship with scikit-learn"


def _photographs(shape):
    from sklearn.datasets import load_sample_images

    photographs = np.stack(load_sample_images().images)
    parts = [
        half
        for rows in np.array_split(photographs, 2, axis=1)
        for half in np.array_split(rows, 2, axis=2)
    ]
    images = np.concatenate([fit(part, shape[0]) for part in parts])
    return np.take(images, range(shape[-1]), axis=-1, mode="wrap")
