"""The latency of a whole network, beside the one that a table predicts."""

import math
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np

from darts_tf.costs.latency.agreement import Agreed, agreed
from darts_tf.costs.latency.measuring import Conditions
from darts_tf.costs.latency.part_models import make_model
from darts_tf.costs.latency.table import LatencyTable
from darts_tf.costs.network_parts import DerivedNetwork
from darts_tf.formats.format import check_packages
from darts_tf.formats.model_files import image_model, write_model
from darts_tf.genotype.saved_genotype import SavedGenotype


class VerifiedLatency(NamedTuple):
    """The latency of a whole network, for one image.

    Attributes:
        predicted: That of the table, in milliseconds.
        measured: That which was measured, in milliseconds.
        at_pace: The same where the machine is as fast as it was for the table, by the
            time of the table's reference, which was timed beside it.
        is_certain: Whether two measurements agree, see `agreement.py`.
    """

    predicted: float
    measured: float
    at_pace: float
    is_certain: bool

    def __str__(self):
        doubt = "" if self.is_certain else "; its measurements do not agree"
        return (
            f"predicted {self.predicted:.3g} ms, measured {self._beside(self.measured)}"
            f"; at the table's pace {self._beside(self.at_pace)}{doubt}"
        )

    def _beside(self, latency):
        difference = latency / self.predicted - 1 if self.predicted else math.inf
        return f"{latency:.3g} ms ({difference:+.1%})"


def verify_latency(
    network: DerivedNetwork,
    genotype: SavedGenotype,
    table: LatencyTable,
    repetitions: int = 20,
) -> VerifiedLatency:
    """Exports the network of a genotype as a whole, with new weights, and times it.

    Args:
        network: The network.
        genotype: What a search has found.
        table: The table, whose runtime and threads are taken.
        repetitions: See `Conditions`.

    Raises:
        UserError: If the table lacks a part of it, the runtime is not installed, or the
            network cannot be exported or timed.
    """
    check_packages("runtime", table.runtime)
    predicted = table.of_parts(network.parts(genotype))
    conditions = Conditions(table.runtime, table.threads, repetitions)
    models = (make_model(table.reference), whole_model(network, genotype))
    timings, found = [], None
    with tempfile.TemporaryDirectory() as folder:
        paths = [
            write_model(model, table.runtime, Path(folder, str(number)))
            for number, model in enumerate(models)
        ]
        while found is None:
            timings.append(conditions.time(paths))
            found = agreed([timing.ratios[1] for timing in timings])
    measured = float(np.median([timing.milliseconds[1] for timing in timings]))
    at_pace = found.value * table.milliseconds
    return VerifiedLatency(predicted, measured, at_pace, found.is_certain)


def measured_latency(path: str | os.PathLike, conditions: Conditions) -> Agreed:
    """Times an exported network for one image.

    Args:
        path: What its runtime loads.
        conditions: How it is measured.

    Returns:
        What the measurements say, in milliseconds.

    Raises:
        UserError: If it cannot be timed.
    """
    found, times = None, []
    while found is None:
        times.append(float(conditions.time([path]).milliseconds[0]))
        found = agreed(times)
    return found


def whole_model(network: DerivedNetwork, genotype: SavedGenotype) -> keras.Model:
    """Returns the network of a genotype as it is served, with new weights.

    Args:
        network: The network.
        genotype: The genotype.
    """
    whole, shape = network.built(genotype), network.image_shape
    return image_model(whole, shape, (0.5,) * shape[-1], (0.25,) * shape[-1])
