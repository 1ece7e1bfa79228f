"""From a published PyTorch checkpoint to a Keras model."""

import dataclasses
from pathlib import Path

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.errors import UserError
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.recurrent import LanguageModel
from darts_tf.weights.convolutional_weights import network_for
from darts_tf.weights.keras_file import save_model
from darts_tf.weights.recurrent_weights import is_language_model, language_model_for
from darts_tf.weights.registered_genotype import load_genotype
from darts_tf.weights.torch_checkpoint import read_state_dict


@dataclasses.dataclass(frozen=True)
class ImportConfig:
    """What to do with a checkpoint.

    Attributes:
        genotype: Published name, genotype file or folder of a search.
        output: The Keras file to write, `*.keras`.
        image_size: Height and width of the images in pixels; `None` for those of the
            paper: 32, and 224 with the stem for ImageNet.
    """

    genotype: str
    output: str
    image_size: int | None = None


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
        raise UserError(f"--output={output}: expected a name that ends in .keras.")
    if output.exists():
        raise UserError(f"--output={output} exists; name a new file.")
    tensors = read_state_dict(checkpoint)
    if is_language_model(tensors):
        genotype = load_genotype(RecurrentGenotype, config.genotype)
        network = language_model_for(tensors, genotype)
    else:
        genotype = load_genotype(Genotype, config.genotype)
        network = network_for(tensors, genotype, config.image_size)
    save_model(network, output)
    return network
