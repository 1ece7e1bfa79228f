"""What the workers of a run tell each other beside the steps."""

import contextlib
import json
import pathlib

import numpy as np
import tensorflow as tf

import darts_tf
from darts_tf.data.checksum import checksum
from darts_tf.errors import UserError
from darts_tf.training.cluster import Cluster, find_cluster
from darts_tf.training.interruption import lost_workers_explained
from darts_tf.training.run_folder import FREE_SETTINGS
from darts_tf.training.runtime import versions


class Workers:
    """All processes that run one strategy together; a single one without a cluster.

    Each method waits until all workers have called it.

    Args:
        strategy: The `tf.distribute.Strategy`.

    Attributes:
        count: Number of workers.
        index: Number of this worker.
        is_chief: Whether this worker writes the folder of the run.
    """

    def __init__(self, strategy):
        self._several = isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy)
        cluster = find_cluster() if self._several else Cluster()
        self.strategy = strategy
        self.count, self.index = cluster.count, cluster.index
        self.is_chief = cluster.is_chief

    def training_batches(self, make_batches):
        """Batches of which every worker reads its part; none may be the last.

        Args:
            make_batches: Function of a `tf.distribute.InputContext` or `None` that
                returns a `tf.data.Dataset` with the batches of all steps.
        """
        if not self._several:
            return make_batches(None)
        # Without an end, so that workers do not ask each other for it in each step.
        return self.strategy.distribute_datasets_from_function(
            lambda input_context: make_batches(input_context).repeat()
        )

    def validation(self, make_batches):
        """Arguments of `fit` for batches that are evaluated, as `training_batches`."""
        if not self._several:
            return {"validation_data": make_batches(None)}
        # Keras cannot know how many there are, and would warn at their end.
        return {
            "validation_data": self.strategy.distribute_datasets_from_function(
                make_batches
            ),
            "validation_steps": len(make_batches(None)),
        }

    def any(self, flag):
        """Whether a flag is set on any worker."""
        return bool(self._sum(np.int32(flag)))

    def gather(self, value):
        """Collects a value, anything that JSON can hold, from all workers in order."""
        code = np.frombuffer(json.dumps(value).encode(), np.uint8)
        # Sums, since TensorFlow has no collective operation for bytes.
        lengths = np.zeros(self.count, np.int32)
        lengths[self.index] = len(code)
        lengths = self._sum(lengths)
        codes = np.zeros((self.count, max(lengths)), np.int32)
        codes[self.index, : len(code)] = code
        rows = np.uint8(self._sum(codes))
        return [json.loads(bytes(row[:length])) for row, length in zip(rows, lengths)]

    def _sum(self, array):
        if self.count == 1:
            return array
        return self.strategy.reduce("SUM", tf.constant(array), axis=None).numpy()

    def check_equal(self, values):
        """Refuses to go on where a value is not the same on all workers.

        Args:
            values: Dictionary of what JSON can hold.

        Raises:
            UserError: On all workers, with the first differences.
        """
        first, *others = self.gather(values)
        for index, other in enumerate(others, 1):
            differ = [
                f"{key}: {first.get(key)!r} on worker 0, {other.get(key)!r} on worker "
                f"{index}"
                for key in sorted(first.keys() | other.keys())
                if first.get(key) != other.get(key)
            ]
            if differ:
                raise UserError(f"All workers must run the same ({'; '.join(differ)}).")

    @contextlib.contextmanager
    def together(self):
        """Within, a lost worker raises a `LostWorkerError`; all leave together.

        The chief may have more to write at the end of a run than the others.
        """
        with lost_workers_explained():
            yield
            self.any(False)


def what_must_be_equal(settings):
    """Returns what must be the same on all workers, before there are data.

    Args:
        settings: Dictionary of the settings of the run.
    """
    bound = {key: settings[key] for key in settings if key not in FREE_SETTINGS}
    sources = sorted(pathlib.Path(darts_tf.__file__).parent.rglob("*.py"))
    return {
        **bound,
        **versions(),
        "darts_tf": darts_tf.__version__,
        "checksum of darts_tf": checksum(
            np.frombuffer(source.read_bytes(), np.uint8) for source in sources
        ),
    }
