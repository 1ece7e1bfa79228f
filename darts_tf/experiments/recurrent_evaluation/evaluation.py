"""The evaluation of a trained language model on the validation and the test text."""

from pathlib import Path

from darts_tf.data.text import vocabulary_file
from darts_tf.errors import UserError
from darts_tf.experiments.recurrent_evaluation.config import LanguageConfig
from darts_tf.experiments.recurrent_evaluation.data import LanguageData
from darts_tf.plugins import import_modules
from darts_tf.recurrent.text_evaluation import TextEvaluation, perplexity
from darts_tf.weights import saved_language_model


def evaluate(config: LanguageConfig) -> tuple[float, float]:
    """Evaluates a trained language model; writes nothing.

    Args:
        config: The settings, of which `weights` and the settings of the data count.

    Returns:
        Tuple of the perplexity of the validation text and that of the test text.

    Raises:
        UserError: If the model or the text cannot be had, or do not fit.
    """
    import_modules("activation_modules", config.activation_modules)
    if config.weights is None:
        raise UserError(
            "An evaluation needs `weights`: the folder of a training, a .keras file or "
            "a PyTorch checkpoint."
        )
    network = saved_language_model.load_language_model(config.weights, config.genotype)
    data = LanguageData(config)
    source = f"`weights`={config.weights}"
    data.check_vocabulary(network.vocabulary_size, source)
    if Path(config.weights).is_dir():
        vocabulary = vocabulary_file.read_vocabulary(config.weights)
        data.check_vocabulary(vocabulary.words, source)
    evaluation = TextEvaluation(network, config.sequence_length)
    losses = data.valid_loss(evaluation), data.test_loss(evaluation)
    valid, test = map(perplexity, losses)
    return valid, test
