"""Settings of the comparison of predicted latencies with measured ones."""

from darts_tf.experiments.costs.latency_settings import LatencySettings
from darts_tf.limits import MAX_SEED
from darts_tf.settings import changed, setting


class LatencyBenchmarkConfig(LatencySettings):
    """The networks of which the latency is predicted and measured."""

    layers: int = changed(LatencySettings, "layers", default=8)
    init_channels: int = changed(LatencySettings, "init_channels", default=16)
    cells: int = setting(
        20, "Genotypes that are drawn.", group="Genotypes", least=0, most=10_000
    )
    seed: int = setting(
        0, "Seed of which these are.", group="Genotypes", least=0, most=MAX_SEED
    )
    log: str = setting("docs/latency.csv", "Path of the log.", group="Files")
    figure: str = setting("docs/latency.svg", "Path of the figure.", group="Files")
