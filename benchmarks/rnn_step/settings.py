"""Sizes and settings of the benchmark of the recurrent search step."""

from benchmarks.search_step.settings import BenchmarkConfig
from darts_tf.limits import (
    MAX_BATCH_SIZE,
    MAX_RECURRENT_NODES,
    MAX_SEQUENCE_LENGTH,
    MAX_UNITS,
    MAX_WORDS,
)
from darts_tf.settings import Settings, changed, setting

RECURRENT_FORMS = ("products", "default", "recompute")


class RecurrentSizes(Settings):
    """Sizes of the language model and of a batch; small ones by default."""

    units: int = setting(
        64,
        "Size of the embedding and of the hidden states.",
        group="Sizes",
        least=2,
        most=MAX_UNITS,
    )
    nodes: int = setting(
        3,
        "Nodes of the cell after state 0.",
        group="Sizes",
        least=1,
        most=MAX_RECURRENT_NODES,
    )
    vocabulary: int = setting(
        500, "Number of words.", group="Sizes", least=2, most=MAX_WORDS
    )
    batch_size: int = setting(
        16, "Streams of text.", group="Sizes", least=2, most=MAX_BATCH_SIZE
    )
    length: int = setting(
        10,
        "Words of a stream in a step.",
        group="Sizes",
        least=1,
        most=MAX_SEQUENCE_LENGTH,
    )


# The paper's, section 3.1.2 and appendix A.1.2.
FULL_RECURRENT_SIZES = RecurrentSizes(
    units=300, nodes=8, vocabulary=10_000, batch_size=256, length=35
)


class RecurrentBenchmarkConfig(BenchmarkConfig):
    """All measurements of a call of the benchmark, see `BenchmarkConfig`."""

    sizes: RecurrentSizes = RecurrentSizes()
    forms: tuple[str, ...] = changed(
        BenchmarkConfig,
        "forms",
        default=RECURRENT_FORMS,
        help=f"Forms of the model to compare, some of {', '.join(RECURRENT_FORMS)}: "
        "the matrix products of a first-order step alone, the language model as it is, "
        "and one that computes again in the backward pass what it did not keep.",
        choices=RECURRENT_FORMS,
    )
    # There is no such form here, and no flag for it.
    plain_orders: tuple[str, ...] = ()
    plot: str = changed(BenchmarkConfig, "plot", default="runs/rnn_step_cost.svg")
    module: str = "benchmarks.rnn_step.measurement"

    def measurements(self):
        return [
            settings
            for settings in super().measurements()
            if settings.form != "products" or settings.order == "first"
        ]
