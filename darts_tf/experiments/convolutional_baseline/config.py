"""Settings of a search of convolutional cells by trials."""

from typing import Any

from darts_tf.errors import UserError
from darts_tf.experiments.by_trials.settings import BaselineSettings
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.experiments.convolutional_evaluation.settings import (
    ImageTrainingSettings,
)
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.costs.cost_settings import CostSettings
from darts_tf.experiments.searched_cells import SearchedCellsSettings
from darts_tf.experiments.space_settings import DARTS_SPACE, space_of
from darts_tf.settings import changed, setting
from darts_tf.spaces.known.nasbench201 import KIND
from darts_tf.trials import Budget
from darts_tf.trials.methods import HYPERBAND, ZERO_COST
from darts_tf.zero_cost import score_names

# The paper trains for 100 epochs to choose among cells, whatever the space.
_EPOCHS = 100


class BaselineConfig(
    BaselineSettings, SearchedCellsSettings, ImageTrainingSettings, CostSettings
):
    """Settings of a search by trials on images.

    A trial is a training as the paper's (section 3.2) on the half of the images that
    trains w in a search of the same seed, of 100 epochs, and its score is the accuracy
    of the other half after the last one.

    Raises:
        UserError: If the settings do not fit together.
    """

    train_portion: float = changed(
        SearchedCellsSettings,
        "train_portion",
        help="Share of the training images that train w; the others give the score.",
    )
    table: str | None = changed(
        SearchedCellsSettings,
        "table",
        help="Table of the accuracies of all cells of space nasbench201, an .npz file, "
        "in which the cells are looked up instead of being trained; default is none.",
    )
    scores: tuple[str, ...] = setting(
        ("multiply_adds", "synflow", "jacob_cov", "nwot"),
        "Scores without training that each trial has in the metrics, measured before "
        "it is trained; cells of a table have none.",
        group="Method",
        choices=score_names(),
    )
    cost_target: float | None = changed(
        CostSettings,
        "cost_target",
        help="Largest cost, in millions or milliseconds: genotypes that cost more are "
        "not trained; default is none, and then `cost` changes nothing.",
    )
    epochs: int = changed(
        ImageTrainingSettings,
        "epochs",
        default=_EPOCHS,
        help="Epochs of a trial (paper: 100).",
    )
    seed: int = changed(SearchConfig, "seed")

    def __post_init__(self):
        super().__post_init__()
        if self.table is not None and not Budget.parse(self.budget).counts_trials:
            raise UserError(
                f"`budget`={self.budget}: a table knows neither steps nor times; give "
                "a number of trials."
            )
        if self.table is not None and self.method == ZERO_COST:
            raise UserError(
                f"`method`={ZERO_COST} measures networks on images, and `table` has "
                "none of either; leave one of the two."
            )
        if self.table is not None and self.method == HYPERBAND:
            raise UserError(
                f"`method`={HYPERBAND} trains for different numbers of epochs, and "
                "`table` knows one of them; leave one of the two."
            )

    @classmethod
    def defaults_with(cls, values: dict[str, Any]) -> dict[str, Any]:
        follow, name = super().defaults_with(values), values["space"]
        if name == DARTS_SPACE and values["table"] is not None:
            name = KIND
        space = space_of({**values, "space": name})
        if space is None:
            return follow
        own = {} if space.takes_primitives else {"primitives": space.primitives}
        if "nodes" in space.search:
            own["nodes"] = space.search["nodes"]
        training = {k: x for k, x in space.training.items() if k != "epochs"}
        return {**follow, "space": name, **training, **own}

    def training_config(self, number: int) -> ImageTrainingConfig:
        """Returns the settings of the training of a trial.

        Args:
            number: The trial.
        """
        return ImageTrainingConfig(**self.trained_with(ImageTrainingSettings, number))
