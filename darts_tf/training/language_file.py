"""Trained language models from the files that they are kept in."""

from pathlib import Path

from darts_tf.atomic_file import write_atomically
from darts_tf.data.text import Vocabulary
from darts_tf.errors import UserError
from darts_tf.export.language_weights import is_language_model, language_model_for
from darts_tf.export.torch_checkpoint import read_state_dict
from darts_tf.keras_file import BEST_MODEL_FILE, load_model
from darts_tf.recurrent import LanguageModel
from darts_tf.training.registering_modules import load_recurrent_genotype

VOCABULARY_FILE = "vocabulary.txt"


def load_language_model(weights, genotype=None):
    """Loads a language model.

    Args:
        weights: Folder of a training, which stands for its best model; a `.keras`
            file; or a checkpoint of the authors' PyTorch code.
        genotype: Of a PyTorch checkpoint: published name, genotype file or folder of a
            recurrent search.

    Returns:
        The `LanguageModel`.

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
        return load_model(path, LanguageModel, "a language model")
    if genotype is None:
        raise UserError(f"{path} needs --genotype, whose cell it is of.")
    tensors = read_state_dict(path)
    if not is_language_model(tensors):
        raise UserError(f"{path} holds no weights of a language model.")
    return language_model_for(tensors, load_recurrent_genotype(genotype))


def keep_vocabulary(folder, vocabulary):
    """Writes the words of a run, one a line, or sees that they are still the same.

    Args:
        folder: Path of the run.
        vocabulary: The `Vocabulary` of its text.

    Raises:
        UserError: If the run has other words, or its file is damaged.
    """
    path = folder / VOCABULARY_FILE
    if not path.exists():
        write_atomically(path, "\n".join(vocabulary.words) + "\n")
    elif (words := read_vocabulary(folder).words) != vocabulary.words:
        raise UserError(
            f"{path} has {len(words)} words, and is not the vocabulary of the text, "
            f"which has {len(vocabulary.words)}; bring back the text that the run "
            "began with, or name a new folder."
        )


def read_vocabulary(folder):
    """Reads the words of a run.

    Args:
        folder: Path of the run.

    Returns:
        The `Vocabulary`.

    Raises:
        UserError: If the file is missing or damaged.
    """
    path = Path(folder) / VOCABULARY_FILE
    try:
        text = path.read_bytes().decode("utf-8")
        # As TensorFlow reads it when the model is exported.
        words = text.removesuffix("\n").split("\n")
        if "" in words:
            raise ValueError("it has an empty line")
        return Vocabulary(tuple(words))
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read as a vocabulary: {error}") from error
