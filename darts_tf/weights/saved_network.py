"""Trained networks from the files that they are kept in."""

import os
from pathlib import Path

import darts_tf.zoo.networks  # noqa: F401 - registers them, so that files can hold them
from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.errors import UserError
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.keras_file import load_model
from darts_tf.run_layout import BEST_MODEL_FILE
from darts_tf.weights.convolutional_weights import network_for
from darts_tf.weights.registered_genotype import load_genotype
from darts_tf.weights.torch_checkpoint import read_state_dict


def load_network(
    weights: str | os.PathLike,
    genotype: str | None = None,
    image_size: int | None = None,
) -> ImageNetwork:
    """Loads a network with its weights.

    Args:
        weights: Folder of a training, which stands for its best network; a `.keras`
            file; or a checkpoint of the authors' PyTorch code.
        genotype: Of a PyTorch checkpoint: published name, genotype file or folder of a
            search.
        image_size: Of a PyTorch checkpoint: height and width in pixels; default is the
            paper's.

    Returns:
        The `EvaluationNetwork`, or another `ImageNetwork`.

    Raises:
        UserError: If there is no such network.
    """
    path = Path(weights)
    path = path / BEST_MODEL_FILE if path.is_dir() else path
    if not path.is_file():
        raise UserError(
            f"`weights`={weights}: there is no file {path}; give the folder of a "
            "training, a .keras file or a PyTorch checkpoint."
        )
    if path.suffix == ".keras":
        return load_keras_network(path)
    if genotype is None:
        raise UserError(f"`weights`={weights} needs `genotype`, whose cells it is of.")
    tensors = read_state_dict(path)
    return network_for(tensors, load_genotype(Genotype, genotype), image_size)


def load_keras_network(path: str | os.PathLike) -> ImageNetwork:
    """Loads the network of a `.keras` file; errors as `load_model`."""
    return load_model(path, ImageNetwork, "a network that was trained here")
