"""Trained language models from the files that they are kept in."""

import os
from pathlib import Path

from darts_tf.errors import UserError
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.keras_file import load_model
from darts_tf.recurrent import LanguageModel, LanguageNetwork
from darts_tf.run_layout import BEST_MODEL_FILE
from darts_tf.weights.recurrent_weights import is_language_model, language_model_for
from darts_tf.weights.registered_genotype import load_genotype
from darts_tf.weights.torch_checkpoint import read_state_dict
from darts_tf.zoo.language import StackedLanguageModel

# All that there are: those of cells, and those of layers. Keras knows the classes of
# their cells once these are imported.
_KINDS = (LanguageModel, StackedLanguageModel)


def load_language_model(
    weights: str | os.PathLike, genotype: str | None = None
) -> LanguageNetwork:
    """Loads a language model.

    Args:
        weights: Folder of a training, which stands for its best model; a `.keras`
            file; or a checkpoint of the authors' PyTorch code.
        genotype: Of a PyTorch checkpoint: published name, genotype file or folder of a
            recurrent search.

    Returns:
        The `LanguageNetwork`.

    Raises:
        UserError: If there is no such model.
    """
    path = Path(weights)
    path = path / BEST_MODEL_FILE if path.is_dir() else path
    if not path.is_file():
        raise UserError(
            f"There is no file {path}; give the folder of a training, a .keras file or "
            "a PyTorch checkpoint."
        )
    if path.suffix == ".keras":
        return load_model(path, _KINDS, "a language model")
    if genotype is None:
        raise UserError(f"{path} needs `genotype`, whose cell it is of.")
    tensors = read_state_dict(path)
    if not is_language_model(tensors):
        raise UserError(f"{path} holds no weights of a language model.")
    genotype = load_genotype(RecurrentGenotype, genotype)
    return language_model_for(tensors, genotype)
