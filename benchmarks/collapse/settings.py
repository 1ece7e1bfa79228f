"""Settings of the searches that show collapse."""

import itertools
from typing import NamedTuple

from darts_tf.experiments.image_settings import ImageSettings
from darts_tf.limits import MAX_COUNT
from darts_tf.settings import Settings, changed, setting

# Methods as they are compared: their name, and whether the order is not their own.
COMPARED = (
    ("darts", "first"),
    ("darts", "second"),
    ("pc_darts", "first"),
    ("beta_darts", "first"),
    ("drnas", "first"),
    ("sdarts_rs", "first"),
)
# Spaces, with the number of cells in their networks.
SPACES = {"nasbench201": 3, "s2": 4}


class Search(NamedTuple):
    """One search.

    Attributes:
        space, method, order, seed: Its settings.
    """

    space: str
    method: str
    order: str
    seed: int

    def __str__(self):
        return f"{self.method}, {self.order} order, on {self.space}, seed {self.seed}"


class CollapseConfig(Settings):
    """All searches of a call."""

    dataset: str = changed(ImageSettings, "dataset")
    data_dir: str | None = changed(ImageSettings, "data_dir")
    spaces: tuple[str, ...] = setting(
        tuple(SPACES),
        "Names of the search spaces.",
        group="Searches",
        choices=tuple(SPACES),
    )
    seeds: int = setting(
        4, "Searches of each method.", group="Searches", least=1, most=100
    )
    epochs: int = setting(
        10, "Epochs of a search.", group="Searches", least=1, most=MAX_COUNT
    )
    steps_per_epoch: int = setting(
        100, "Steps of an epoch.", group="Searches", least=1, most=MAX_COUNT
    )
    batch_size: int = setting(
        32, "Images of each half in a step.", group="Searches", least=2, most=4096
    )
    init_channels: int = setting(
        8, "Channels of the first cells.", group="Searches", least=4, most=64
    )
    validation_steps: int = setting(
        20,
        "Batches of the validation after an epoch.",
        group="Searches",
        least=1,
        most=MAX_COUNT,
    )
    training_epochs: int = setting(
        3,
        "Epochs of `steps_per_epoch` steps in which a cell of S2 is trained.",
        group="Searches",
        least=1,
        most=MAX_COUNT,
    )
    table: str | None = setting(
        None,
        "Table of accuracies of the cells of nasbench201, an .npz file; default is "
        "none, which leaves the ranks out.",
        group="Files",
    )
    report: bool = setting(
        False,
        "Whether nothing is searched, and the figures and the page are made of the log "
        "as it is.",
        group="Searches",
    )
    log: str = setting("docs/collapse.csv", "Path of the log.", group="Files")
    page: str = setting(
        "docs/collapse.md",
        "Page whose section of results is written anew as the log grows; the figures "
        "are written beside it.",
        group="Files",
    )
    work: str = setting("runs/collapse", "Folder of the runs.", group="Files")
    workers: int = setting(
        2,
        "Searches at a time; several have one thread each.",
        group="Devices",
        least=1,
        most=64,
    )

    def searches(self):
        """Returns every `Search`, seed by seed, so that a part has all methods."""
        return [
            Search(space, method, order, seed)
            for seed, space, (method, order) in itertools.product(
                range(self.seeds), self.spaces, COMPARED
            )
        ]
