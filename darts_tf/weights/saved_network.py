"""Trained networks from the files that they are kept in."""

import os
from pathlib import Path

import darts_tf.zoo.networks  # noqa: F401 - registers them, so that files can hold them
from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.errors import UserError, shortened
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


def assign_weights(network: ImageNetwork, source: ImageNetwork) -> None:
    """Gives a network the weights of another one of the same structure.

    Args:
        network: Built `ImageNetwork`.
        source: `ImageNetwork` with the weights.

    Raises:
        UserError: If the structure is another one, or a weight has another shape; it
            is named, and nothing is set.
    """
    kinds = [type(each).__name__ for each in (source, network)]
    if kinds[0] != kinds[1]:
        raise UserError(
            f"`weights` is a network of the class {kinds[0]}, but one of the class "
            f"{kinds[1]} is to be trained."
        )
    for name, setting in network.STRUCTURE.items():
        needed, found = getattr(network, name), getattr(source, name)
        if needed != found:
            raise UserError(
                f"`weights` is a network of `{setting}`={shortened(found)}, but "
                f"`{setting}`={shortened(needed)} is to be trained."
            )
    if len(network.weights) != len(source.weights):
        raise UserError(
            "`weights` is a network of another search space than that of `space`."
        )
    pairs = list(zip(network.weights, source.weights, strict=True))
    for new, old in pairs:
        if new.shape != old.shape:
            raise UserError(
                f"The tensor {new.path} has the shape {tuple(old.shape)} in "
                f"`weights`, but the network needs {tuple(new.shape)}."
            )
    for new, old in pairs:
        new.assign(old)
