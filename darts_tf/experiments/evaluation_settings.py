"""Settings of trainings of evaluation networks, for images and for text."""

from darts_tf.limits import MAX_COUNT
from darts_tf.settings import Settings, setting


class EvaluationSettings(Settings):
    """Settings of trainings of evaluation networks."""

    genotype: str = setting(
        "DARTS_V2",
        "Cells of the network: a published name such as DARTS_V2, a genotype file, or "
        "the folder of a search, which stands for the genotype that it recommends.",
        group="Network",
    )
    genotype_epoch: int | None = setting(
        None,
        "Epoch of the genotype in the folder of a search; default is the one that the "
        "search recommends, or the best one where it has not ended.",
        group="Network",
        least=1,
        most=MAX_COUNT,
        added=True,
    )
    weights: str | None = setting(
        None,
        "Weights to begin with or to evaluate: the folder of a training, a .keras "
        "file, or a PyTorch checkpoint of the authors' code; default is random ones.",
        group="Network",
    )
