"""Sizes and settings of the benchmark of the recurrent search step."""

import dataclasses

from benchmarks.step_settings import BenchmarkConfig

RECURRENT_FORMS = ("products", "default", "recompute")


@dataclasses.dataclass(frozen=True)
class RecurrentSizes:
    """Sizes of the language model and of a batch; small ones by default.

    Attributes:
        units: Size of the embedding and of the hidden states.
        nodes: Nodes of the cell after state 0.
        vocabulary: Number of words.
        batch_size: Streams of text.
        length: Words of a stream in a step.
    """

    units: int = 64
    nodes: int = 3
    vocabulary: int = 500
    batch_size: int = 16
    length: int = 10


# The paper's, section 3.1.2 and appendix A.1.2.
FULL_RECURRENT_SIZES = RecurrentSizes(
    units=300, nodes=8, vocabulary=10_000, batch_size=256, length=35
)


@dataclasses.dataclass(frozen=True)
class RecurrentBenchmarkConfig(BenchmarkConfig):
    """All measurements of a call of the benchmark, see `BenchmarkConfig`.

    Attributes:
        forms: Some of `RECURRENT_FORMS`: the matrix products of a first-order step
            alone, the language model as it is, and one that computes again in the
            backward pass what it did not keep.
    """

    sizes: RecurrentSizes = RecurrentSizes()
    forms: tuple[str, ...] = RECURRENT_FORMS
    plot: str = "runs/rnn_step_cost.svg"
    module: str = "benchmarks.recurrent_measurement"

    def measurements(self):
        return [
            settings
            for settings in super().measurements()
            if settings.form != "products" or settings.order == "first"
        ]
