"""Preparation of a run, before it computes and writes anything."""

import contextlib
import os
import pathlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from darts_tf.checksum import checksum
from darts_tf.distribution.devices import make_strategy
from darts_tf.distribution.workers import Workers
from darts_tf.runs import provenance
from darts_tf.runs.provenance import versions
from darts_tf.runs.run_folder import RunFolder
from darts_tf.settings import Settings, added_settings, free_settings, values_of
from darts_tf.version import __version__

# The folder of darts_tf, whose code all workers must share.
_PACKAGE = pathlib.Path(__file__).resolve().parent.parent


class PreparedRun(NamedTuple):
    """What a run consists of.

    Attributes:
        strategy: The `tf.distribute.Strategy`.
        workers: `Workers` that run together.
        folder: `RunFolder` of the run.
        data: What `Data` of the experiment returned.
        identity: Settings, cells and fingerprint of the data, see `RunFolder.check`.
    """

    strategy: tf.distribute.Strategy
    workers: Workers
    folder: RunFolder
    data: Any
    identity: tuple

    def claimed(self) -> contextlib.AbstractContextManager[None]:
        """Keeps other processes from running in the folder, which the chief writes."""
        if self.workers.is_chief:
            return self.folder.claimed(*self.identity)
        return contextlib.nullcontext()

    def write_config(self, num_weights: int) -> None:
        """Writes the configuration, if there is none yet.

        Args:
            num_weights: Number of the network's weights.
        """
        settings, genotype, fingerprint = self.identity
        self.folder.write_config(
            settings,
            data=self.data.description(),
            fingerprint=fingerprint,
            versions=provenance.versions(),
            num_weights=num_weights,
            command=provenance.command(),
            **({"genotype": genotype} if genotype else {}),
        )


@contextlib.contextmanager
def prepared_run(experiment: Any, output: str | os.PathLike) -> Iterator[PreparedRun]:
    """Checks all that a run starts from, on all workers, which leave it together.

    Args:
        experiment: The `Experiment`, prepared.
        output: Path of the run folder.

    Returns:
        Context manager of a `PreparedRun`.

    Raises:
        UserError: If anything is wrong; nothing has been written then.
    """
    config, genotype = experiment.config, experiment.genotype
    strategy = make_strategy(config)
    experiment.check_replicas(strategy.num_replicas_in_sync)
    workers, settings = Workers(strategy), values_of(config)
    cells = genotype.to_json_object() if genotype else None
    folder = RunFolder(
        output, experiment.FORMAT, free_settings(config), added_settings(config)
    )
    with workers.together():
        workers.check_equal(
            lambda: {
                **what_must_be_equal(strategy, config, output),
                "cells": cells,
            }
        )
        # The folder is checked before the data are loaded, which may take minutes;
        # `claimed` checks it again, together with the data.
        folder.check(settings, cells)
        data = experiment.Data(config)
        fingerprint = data.fingerprint()
        workers.check_equal(lambda: fingerprint)
        identity = (settings, cells, fingerprint)
        yield PreparedRun(strategy, workers, folder, data, identity)


def what_must_be_equal(
    strategy: tf.distribute.Strategy, config: Settings, output: str | os.PathLike
) -> dict[str, Any]:
    """Returns what must be the same on all workers, before there are data.

    Args:
        strategy: The `tf.distribute.Strategy`.
        config: `Settings` of the run.
        output: Path of its folder, which all share; by default it depends on the time.
    """
    return {
        **what_is_computed(config),
        "output": str(output),
        "devices of all workers": strategy.num_replicas_in_sync,
    }


def what_is_computed(config: Settings) -> dict[str, Any]:
    """Returns what must be the same where a run is, whatever its folder and devices.

    Args:
        config: `Settings` of the run.
    """
    free = free_settings(config)
    bound = {key: x for key, x in values_of(config).items() if key not in free}
    sources = sorted(_PACKAGE.rglob("*.py"))
    return {
        **bound,
        **versions(),
        "darts_tf": __version__,
        "checksum of darts_tf": checksum(
            np.frombuffer(source.read_bytes(), np.uint8) for source in sources
        ),
    }
