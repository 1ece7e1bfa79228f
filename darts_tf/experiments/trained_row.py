"""The row of the published tables that a training is of."""

from darts_tf.errors import UserError
from darts_tf.experiments.evaluation_settings import EvaluationSettings
from darts_tf.zoo.registry import get_row, rows
from darts_tf.zoo.row import Row


def trained_row(name: str, dataset: str) -> Row | None:
    """Finds the row of the tables that the setting `genotype` names.

    Args:
        name: What a user types in place of a genotype.
        dataset: Data of the table, one of `row.DATASETS`.

    Returns:
        The `Row`, or `None` where there is none of this name.

    Raises:
        UserError: If the row is of another table, or its network is not public.
    """
    if name not in {row.name for row in rows()}:
        return None
    row = get_row(name)
    if row.dataset != dataset:
        names = ", ".join(other.name for other in rows(dataset) if other.make)
        raise UserError(
            f"`genotype`={name} is a network for {row.dataset}; those for {dataset} "
            f"are {names}."
        )
    if row.make is None:
        raise UserError(f"`genotype`={name} is not public: {row.reason}")
    return row


def check_no_epoch(config: EvaluationSettings) -> None:
    """Raises a `UserError` for the epoch of a genotype where a row is named.

    Args:
        config: The settings, whose `genotype` is a row.
    """
    if config.genotype_epoch is not None:
        raise UserError(
            f"`genotype_epoch`={config.genotype_epoch} is for the folder of a search, "
            f"and `genotype`={config.genotype} is a row of the tables."
        )
