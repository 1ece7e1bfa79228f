"""Settings of the training of a language model, with the paper's as defaults."""

from typing import Any

from darts_tf.experiments.evaluation_settings import EvaluationSettings
from darts_tf.experiments.recurrent_evaluation.settings import (
    LanguageTrainingSettings,
)
from darts_tf.experiments.trained_row import trained_row
from darts_tf.limits import MAX_BATCH_SIZE
from darts_tf.settings import changed, setting
from darts_tf.zoo.row import PENN_TREEBANK, Row


class LanguageConfig(EvaluationSettings, LanguageTrainingSettings):
    """Settings of a training; defaults are the paper's for the Penn Treebank.

    The best weights are kept, so that a run can be stopped at any time. Where
    `genotype` names a row of the tables, the sizes, the dropouts and what else its
    paper says are the defaults; where a configuration is made by hand rather than of
    flags or by `darts_tf.train`, they are those of DARTS all the same.
    """

    genotype: str = changed(
        EvaluationSettings,
        "genotype",
        help="Cell of the network: a published name such as DARTS_V2, a genotype file, "
        "or the folder of a search, which stands for the genotype that it recommends; "
        "or a whole network by the name of its row in the table of the Penn Treebank, "
        "such as awd_lstm_ptb, whose paper settles the defaults of other settings.",
    )
    weights: str | None = changed(
        EvaluationSettings,
        "weights",
        help="Model to evaluate: the folder of a training, a .keras file, or a PyTorch "
        "checkpoint of the authors' code; no default, and none for a training.",
    )
    test_batch_size: int = setting(
        1,
        "Streams of the test text that are read side by side (paper: 1).",
        group="Data",
        least=1,
        most=MAX_BATCH_SIZE,
    )

    @classmethod
    def defaults_with(cls, values: dict[str, Any]) -> dict[str, Any]:
        row = trained_row(str(values["genotype"]), PENN_TREEBANK)
        return {**super().defaults_with(values), **(row.training if row else {})}

    def row(self) -> Row | None:
        """Returns the row of the tables that `genotype` names, or `None`.

        Raises:
            UserError: If it is a row of another table.
        """
        return trained_row(self.genotype, PENN_TREEBANK)


PTB = LanguageConfig()
WIKITEXT2 = LanguageConfig(
    dataset="wikitext2", hidden_size=700, dropout_hidden=0.15, weight_decay=5e-7
)
