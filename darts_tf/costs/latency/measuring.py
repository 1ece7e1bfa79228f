"""The course of measuring a latency table."""

import dataclasses
import functools
import gc
import math
import os
import tempfile
import zlib
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from darts_tf.convolutional.primitives import get_primitive
from darts_tf.costs.cost_model import CALL, OPERATION, NetworkPart
from darts_tf.costs.latency.agreement import MOST_MEASUREMENTS, agreed
from darts_tf.costs.latency.log import Measurement, MeasurementLog
from darts_tf.costs.latency.machine import processor_name
from darts_tf.costs.latency.part_models import (
    NETWORK,
    addition,
    costs_nothing,
    frames,
    make_model,
    net_time,
)
from darts_tf.costs.latency.table import Entry, LatencyTable
from darts_tf.formats.format import FORMATS, runtime_version
from darts_tf.formats.model_files import write_model
from darts_tf.formats.timing import Timing, time_models

# Models that take turns in one process.
_BATCH = 8


class Conditions(NamedTuple):
    """How parts are measured.

    Attributes:
        runtime: One of `formats.format.FORMATS`.
        threads: Number of threads of the runtime.
        repetitions: How often a model is timed for one measurement, the median of
            which counts.
        seconds: Least duration of what is timed at once.
    """

    runtime: str
    threads: int = 1
    repetitions: int = 20
    seconds: float = 0.005

    def time(self, paths: Sequence[str | os.PathLike]) -> Timing:
        """Times exported models in a process of their own, the first beside all."""
        runtime, *how = self
        return time_models(runtime, paths, *how)


class WholeNetwork(NamedTuple):
    """A network that is timed as a whole, beside the sum of its parts.

    Attributes:
        parts: Its parts, each as often as it comes.
        make_model: Makes it as it is served, with new weights.
    """

    parts: Sequence[NetworkPart]
    make_model: Callable[[], keras.Model]

    @property
    def name(self) -> NetworkPart:
        """What its measurements are logged as, the same for networks of equal parts."""
        mark = f"{zlib.crc32(repr(self.parts).encode()):08x}"
        return dataclasses.replace(self.parts[0], layer=NETWORK, primitive=mark)


def reference_part(parts: Iterable[NetworkPart]) -> NetworkPart:
    """Returns the part beside which all others are measured.

    It is an operation on the largest images, one with weights where there is any.

    Args:
        parts: The parts of all networks.
    """

    def order(part):
        kernels = get_primitive(part.primitive).kernels(part.channels, part.stride)
        return (not kernels, -part.height, part.stride, part)

    return min((x for x in parts if x.layer == OPERATION), key=order)


def measure_parts(
    parts: Collection[NetworkPart],
    reference: NetworkPart,
    conditions: Conditions,
    output: str | os.PathLike,
    networks: Sequence[WholeNetwork] = (),
) -> LatencyTable:
    """Measures parts of networks, as far as a log does not say it already.

    Each is measured twice, and again where the two do not agree, see `agreement.py`.

    Args:
        parts: The parts, with that of one call among them.
        reference: The part beside which they are measured.
        conditions: How they are measured.
        output: The file that the table is for. The log lies beside it, a text file.
        networks: Networks of these parts, by whose times the table is scaled.

    Returns:
        The table, which is not written.

    Raises:
        UserError: If a model cannot be exported or timed, or the log is of other
            conditions.
    """
    log = MeasurementLog(f"{output}.log", _described(conditions, reference))
    own = {part: functools.partial(make_model, part) for part in measured_models(parts)}
    whole = {network.name: network.make_model for network in networks}
    make, models = own | whole, _spread(own, whole)
    bar = keras.utils.Progbar(len(models), unit_name="model")
    bar.update(len(models) - len(_left(models, log)))
    while left := _left(models, log):
        some = {model: make[model] for model in left[:_BATCH]}
        _measure(some, reference, conditions, log)
        bar.update(len(models) - len(_left(models, log)))
    return _table(parts, networks, reference, conditions, log, os.fspath(output))


def measured_models(parts: Iterable[NetworkPart]) -> list[NetworkPart]:
    """Returns the parts and frames whose models are to be timed, each once."""
    additions = {addition(part) for part in parts if part.layer == OPERATION}
    timed = {part for part in {*parts, *additions} if not costs_nothing(part)}
    return sorted(timed.union(*map(frames, timed)))


def _spread(*lists):
    """One list of them all, each spread over it evenly.

    So what slows the machine for a while meets parts and whole networks alike.
    """
    places = {
        model: (place + 0.5) / len(models)
        for models in lists
        for place, model in enumerate(models)
    }
    return sorted(places, key=places.get)


def _left(models, log):
    """The models whose measurements do not agree yet, as far as they have to."""
    ratios = log.ratios()
    return [model for model in models if agreed(ratios[model]) is None]


def _measure(make, reference, conditions, log):
    """Exports some models, and times them until nothing is left to be measured."""
    measured = [*make]
    make = {reference: functools.partial(make_model, reference), **make}
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for part, make_one in make.items():
            to = Path(folder, str(len(paths)))
            paths[part] = write_model(make_one(), conditions.runtime, to)
        # The graphs of models refer to themselves, and would stay.
        gc.collect()
        for _ in range(MOST_MEASUREMENTS):
            left = _left(measured, log)
            if not left:
                return
            timing = conditions.time([paths[x] for x in (reference, *left)])
            milliseconds = float(timing.milliseconds[0])
            log.append(
                Measurement(part, float(ratio), milliseconds)
                for part, ratio in zip(left, timing.ratios[1:])
            )


def _table(parts, networks, reference, conditions, log, path):
    found = {part: agreed(ratios) for part, ratios in log.ratios().items()}
    (call,) = (part for part in parts if part.layer == CALL)
    entries = {part: _entry(part, call, found) for part in parts}
    return LatencyTable(
        runtime=conditions.runtime,
        threads=conditions.threads,
        processor=processor_name(),
        versions=_versions(conditions.runtime),
        reference=reference,
        milliseconds=float(np.median([x.milliseconds for x in log.measurements])),
        scale=_scale(networks, entries, found),
        entries=entries,
        path=path,
    )


def _scale(networks, entries, found):
    """What the sums of parts are to be multiplied by: least squares of the errors.

    Of the errors as shares of the measured times, so that each network counts alike.
    """
    shares = [
        math.fsum(entries[part].ratio for part in network.parts)
        / found[network.name].value
        for network in networks
    ]
    squares = math.fsum(share**2 for share in shares)
    return math.fsum(shares) / squares if squares else 1.0


def _entry(part, call, found) -> Entry:
    own = _net(part, call, found)
    if part.layer != OPERATION:
        return own
    added = _net(addition(part), call, found)
    return Entry(
        own.ratio + added.ratio / 2,
        own.spread + added.spread / 2,
        own.is_certain and added.is_certain,
    )


def _net(part, call, found) -> Entry:
    """What is left of a part without its frame."""
    if costs_nothing(part):
        return Entry(0.0, 0.0, is_certain=True)
    # What `net_time` reads.
    used = [found[x] for x in {part, call, *frames(part)}]
    return Entry(
        # Noise may leave less than nothing of what takes hardly any time.
        max(0.0, net_time(part, call, lambda x: found[x].value)),
        sum(x.spread for x in used),
        all(x.is_certain for x in used),
    )


def _described(conditions, reference):
    """What measurements of one log have in common."""
    return {
        **conditions._asdict(),
        "processor": processor_name(),
        "versions": _versions(conditions.runtime),
        "reference": dataclasses.asdict(reference),
    }


def _versions(runtime):
    return {
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        FORMATS[runtime].runtime: runtime_version(runtime),
    }
