"""What every run does before it computes and writes anything."""

import contextlib
import dataclasses
import json
from typing import Any, NamedTuple

import tensorflow as tf

from darts_tf.training import runtime
from darts_tf.training.devices import make_strategy
from darts_tf.training.run_folder import RunFolder
from darts_tf.training.workers import Workers, what_must_be_equal


class PreparedRun(NamedTuple):
    """What a run consists of.

    Attributes:
        strategy: The `tf.distribute.Strategy`.
        workers: `Workers` that run together.
        folder: `RunFolder` of the run.
        data: What `make_data` of `prepared_run` returned.
        identity: Settings, cells and fingerprint of the data, see `RunFolder.check`.
    """

    strategy: tf.distribute.Strategy
    workers: Workers
    folder: RunFolder
    data: Any
    identity: tuple

    def claimed(self):
        """Keeps other processes from running in the folder, which the chief writes."""
        if self.workers.is_chief:
            return self.folder.claimed(*self.identity)
        return contextlib.nullcontext()

    def write_config(self, num_weights):
        """Writes the configuration, if there is none yet.

        Args:
            num_weights: Number of the network's weights.
        """
        settings, genotype, fingerprint = self.identity
        self.folder.write_config(
            settings,
            data=self.data.description(),
            fingerprint=fingerprint,
            versions=runtime.versions(),
            num_weights=num_weights,
            command=runtime.command(),
            **({"genotype": genotype} if genotype else {}),
        )


@contextlib.contextmanager
def prepared_run(
    config, output, config_format, make_data, genotype=None, check_replicas=None
):
    """Checks all that a run starts from, on all workers, which leave it together.

    Args:
        config: Settings, a dataclass.
        output: Path of the run folder.
        config_format: Format of its configuration.
        make_data: Function of the settings that returns data with a `fingerprint`.
        genotype: What the run trains, or `None` for a search.
        check_replicas: Function of the settings and the number of replicas that
            refuses what these cannot do, or `None`.

    Returns:
        Context manager of a `PreparedRun`.

    Raises:
        UserError: If anything is wrong; nothing has been written then.
    """
    strategy = make_strategy(config)
    if check_replicas:
        check_replicas(config, strategy.num_replicas_in_sync)
    workers, settings = Workers(strategy), dataclasses.asdict(config)
    cells = json.loads(genotype.to_json()) if genotype else None
    folder = RunFolder(output, config_format)
    with workers.together():
        workers.check_equal(
            lambda: {
                **what_must_be_equal(strategy, settings, output),
                "cells": cells,
            }
        )
        # At once, before the data are loaded; `claimed` does it again.
        folder.check(settings, cells)
        data = make_data(config)
        fingerprint = data.fingerprint()
        workers.check_equal(lambda: fingerprint)
        identity = (settings, cells, fingerprint)
        yield PreparedRun(strategy, workers, folder, data, identity)
