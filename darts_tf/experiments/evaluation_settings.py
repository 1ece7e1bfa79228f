"""Settings of trainings of evaluation networks, for images and for text."""

from darts_tf.settings import Settings, setting


class EvaluationSettings(Settings):
    """Settings of trainings of evaluation networks."""

    genotype: str = setting(
        "DARTS_V2",
        "Cells of the network: a published name such as DARTS_V2, a genotype file, or "
        "the folder of a search, which stands for the best genotype in it.",
        group="Network",
    )
    weights: str | None = setting(
        None,
        "Weights to begin with or to evaluate: the folder of a training, a .keras "
        "file, or a PyTorch checkpoint of the authors' code; default is random ones.",
        group="Network",
    )
