"""Settings of the training of a language model, with the paper's as defaults."""

from darts_tf.experiments.evaluation_settings import EvaluationSettings
from darts_tf.experiments.text_settings import TextSettings
from darts_tf.limits import MAX_BATCH_SIZE, MAX_COUNT
from darts_tf.settings import changed, setting


class LanguageConfig(EvaluationSettings, TextSettings):
    """Settings of a training; defaults are the paper's for the Penn Treebank.

    The best weights are kept, so that a run can be stopped at any time.
    """

    weights: str | None = changed(
        EvaluationSettings,
        "weights",
        help="Model to evaluate: the folder of a training, a .keras file, or a PyTorch "
        "checkpoint of the authors' code; no default, and none for a training.",
    )
    batch_size: int = changed(TextSettings, "batch_size", least=1)
    valid_batch_size: int = changed(TextSettings, "valid_batch_size", least=1)
    test_batch_size: int = setting(
        1,
        "Streams of the test text that are read side by side (paper: 1).",
        group="Data",
        least=1,
        most=MAX_BATCH_SIZE,
    )
    hidden_size: int = changed(TextSettings, "hidden_size", default=850)
    dropout_words: float = changed(TextSettings, "dropout_words", default=0.1)
    epochs: int = changed(TextSettings, "epochs", default=8000)
    weight_decay: float = changed(TextSettings, "weight_decay", default=8e-7)
    averaging_patience: int = setting(
        5,
        "Epochs without a better validation loss after which the weights are averaged.",
        group="Optimization",
        least=0,
        most=MAX_COUNT,
    )
    seed: int = changed(TextSettings, "seed", default=1267)


PTB = LanguageConfig()
WIKITEXT2 = LanguageConfig(
    dataset="wikitext2", hidden_size=700, dropout_hidden=0.15, weight_decay=5e-7
)
