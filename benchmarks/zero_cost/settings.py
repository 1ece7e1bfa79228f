"""Settings of the comparison of scores without training with a table."""

from benchmarks.rivals.settings import RivalsConfig
from darts_tf.limits import MAX_CELLS, MAX_CHANNELS, MAX_SEED
from darts_tf.settings import Settings, changed, setting


class ZeroCostConfig(Settings):
    """The cells that are scored, and the network in which they are."""

    table: str = changed(RivalsConfig, "table", group="Cells")
    dataset: str = changed(RivalsConfig, "dataset", group="Cells")
    cells: int = setting(
        1000,
        "Cells on which the scores are measured that are not counted.",
        group="Cells",
        least=4,
        most=15_625,
    )
    seed: int = setting(
        0,
        "Seed of which cells these are and of the weights.",
        group="Cells",
        least=0,
        most=MAX_SEED,
    )
    layers: int = setting(
        15,
        "Cells of the network, a third of them in each stage.",
        group="Network",
        least=1,
        most=MAX_CELLS,
    )
    init_channels: int = setting(
        16,
        "Channels of the first cells.",
        group="Network",
        least=2,
        most=MAX_CHANNELS,
    )
    batch_size: int = setting(
        64, "Images that are scored with.", group="Network", least=2, most=4096
    )
    data_dir: str | None = setting(
        None,
        "Folder of TFDS data with cifar10; default is none, and the images are digits.",
        group="Network",
    )
    log: str = setting("runs/zero_cost.csv", "Path of the log.", group="Files")
    figure: str = setting("docs/zero_cost.svg", "Path of the figure.", group="Files")

    @property
    def images(self) -> str:
        """Name of the images."""
        return "cifar10" if self.data_dir else "digits"
