"""Settings of the training of a recurrent cell, with the paper's as defaults."""

from darts_tf.experiments.text_settings import TextSettings
from darts_tf.limits import MAX_COUNT
from darts_tf.settings import changed, setting


class LanguageTrainingSettings(TextSettings):
    """Settings of a training; defaults are the paper's for the Penn Treebank."""

    batch_size: int = changed(TextSettings, "batch_size", least=1)
    valid_batch_size: int = changed(TextSettings, "valid_batch_size", least=1)
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
