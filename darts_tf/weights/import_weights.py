"""Conversion of a published PyTorch checkpoint to a Keras model."""

from pathlib import Path

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.errors import SettingError, UserError
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.keras_file import save_model
from darts_tf.limits import MAX_EXPORTED_IMAGE_SIZE
from darts_tf.recurrent import LanguageModel
from darts_tf.settings import REQUIRED, Settings, setting
from darts_tf.weights.convolutional_weights import network_for
from darts_tf.weights.recurrent_weights import is_language_model, language_model_for
from darts_tf.weights.registered_genotype import load_genotype
from darts_tf.weights.torch_checkpoint import read_state_dict


class ImportConfig(Settings):
    """What to do with a checkpoint."""

    genotype: str = setting(
        REQUIRED,
        "Cells that the weights are of: a published name such as DARTS_V2, a genotype "
        "file, or the folder of a search. Required.",
        group="Import",
    )
    output: str = setting(
        REQUIRED, "Keras file to write, *.keras. Required.", group="Import"
    )
    image_size: int | None = setting(
        None,
        "Height and width of the images in pixels; default is the paper's, 32 for "
        "CIFAR-10 and 224 for ImageNet.",
        group="Import",
        least=1,
        most=MAX_EXPORTED_IMAGE_SIZE,
    )


def import_weights(
    checkpoint: str, config: ImportConfig
) -> EvaluationNetwork | LanguageModel:
    """Writes the network of a published checkpoint as a Keras file.

    The names of its tensors say whether it is convolutional or recurrent.

    Args:
        checkpoint: The PyTorch file, see `read_state_dict`.
        config: The `ImportConfig`.

    Returns:
        The network.

    Raises:
        UserError: If an input is wrong or the output exists; nothing is written then.
        OSError: If a file cannot be read or written.
    """
    output = Path(config.output)
    if output.suffix != ".keras":
        raise SettingError("output", output, "a name that ends in .keras")
    if output.exists():
        raise UserError(f"`output`={output} exists; name a new file.")
    network = network_of_checkpoint(checkpoint, config.genotype, config.image_size)
    save_model(network, output)
    return network


def network_of_checkpoint(
    checkpoint: str, genotype: str, image_size: int | None = None
) -> EvaluationNetwork | LanguageModel:
    """Loads the network of a published checkpoint; arguments as `ImportConfig`."""
    tensors = read_state_dict(checkpoint)
    if is_language_model(tensors):
        cell = load_genotype(RecurrentGenotype, genotype)
        return language_model_for(tensors, cell)
    return network_for(tensors, load_genotype(Genotype, genotype), image_size)
