"""The evaluation of a trained network on the validation images."""

import dataclasses

from darts_tf.convolutional.evaluation_model import ImageTrainingModel
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.experiments.convolutional_evaluation.data import EvaluationData
from darts_tf.plugins import import_modules
from darts_tf.weights.saved_network import load_network


def evaluate(config: ImageTrainingConfig) -> dict[str, float]:
    """Evaluates a trained network on the validation images; writes nothing.

    Args:
        config: The settings, of which `weights`, the settings of the data and
            the batch size count.

    Returns:
        Dictionary of metrics by name, `loss` and `accuracy` and, for more than five
        classes, `top_5_accuracy`.

    Raises:
        UserError: If the network or the images cannot be had, or do not fit.
    """
    if config.weights is None:
        raise UserError(
            "An evaluation needs `weights`: the folder of a training, a .keras file or "
            "a PyTorch checkpoint."
        )
    import_modules("primitive_modules", config.primitive_modules)
    network = load_network(config.weights, config.genotype, config.image_size)
    # The images are brought to size as in the training of such networks.
    data = EvaluationData(dataclasses.replace(config, stem=network.stem, cutout=False))
    found = (network.num_classes, network.image_channels)
    wanted = (len(data.class_names), data.image_shape[-1])
    if found != wanted:
        raise UserError(
            f"`weights`={config.weights} is a network for {found[0]} classes and "
            f"images of {found[1]} channel(s), but `dataset`={config.dataset} has "
            f"{wanted[0]} and {wanted[1]}."
        )
    model = ImageTrainingModel(network)
    model.compile(jit_compile=config.jit_compile)
    return model.evaluate(data.validation_batches(), return_dict=True)
