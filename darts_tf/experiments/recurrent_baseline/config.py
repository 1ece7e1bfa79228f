"""Settings of a search of a recurrent cell by trials."""

from darts_tf.errors import UserError
from darts_tf.experiments.by_trials.settings import BaselineSettings
from darts_tf.experiments.recurrent_evaluation.config import LanguageConfig
from darts_tf.experiments.recurrent_evaluation.settings import (
    LanguageTrainingSettings,
)
from darts_tf.experiments.recurrent_search.config import (
    RecurrentSearchConfig,
    check_activations,
)
from darts_tf.settings import changed
from darts_tf.space.search_space import SearchSpace, recurrent_space
from darts_tf.trials.methods import ZERO_COST

# The paper trains for 300 epochs to choose among cells, and draws 8 of them.
_EPOCHS = 300
_TRIALS = "8"


class RecurrentBaselineConfig(BaselineSettings, LanguageTrainingSettings):
    """Settings of a search by trials on a text.

    A trial is a training as the paper's (section 3.3) on the training text, of 300
    epochs, and its score is the lowest loss of the validation text in nats for a word,
    with a minus sign.

    Raises:
        UserError: If the method is none for texts.
    """

    budget: str = changed(BaselineSettings, "budget", default=_TRIALS)
    nodes: int = changed(RecurrentSearchConfig, "nodes")
    activations: tuple[str, ...] = changed(RecurrentSearchConfig, "activations")
    epochs: int = changed(
        LanguageTrainingSettings,
        "epochs",
        default=_EPOCHS,
        help="Epochs of a trial (paper: 300).",
    )
    seed: int = changed(RecurrentSearchConfig, "seed")

    def __post_init__(self):
        super().__post_init__()
        if self.method == ZERO_COST:
            raise UserError(
                f"`method`={ZERO_COST} measures networks for images; there is no such "
                "score of a language model."
            )

    def checked_space(self) -> SearchSpace:
        """Imports the modules that register activations, and looks all names up.

        Returns:
            The cells to choose from.

        Raises:
            UserError: If a module or an activation is missing, or named twice.
        """
        check_activations(self.activations, self.activation_modules)
        return recurrent_space(self.activations, self.nodes)

    def training_config(self, number: int) -> LanguageConfig:
        """Returns the settings of the training of a trial.

        Args:
            number: The trial.
        """
        return LanguageConfig(**self.trained_with(LanguageTrainingSettings, number))
