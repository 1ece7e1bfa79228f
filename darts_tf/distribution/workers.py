"""Messages between the workers of a run, beside the steps."""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import tensorflow as tf

from darts_tf.distribution.cluster import Cluster, find_cluster
from darts_tf.distribution.interruption import lost_workers_explained
from darts_tf.errors import UserError
from darts_tf.tensorflow_private import share_value, shared_value

MakeBatches = Callable[[tf.distribute.InputContext | None], tf.data.Dataset]


class Workers:
    """All processes that run one strategy together; a single one without a cluster.

    Each method waits until all workers have called it, if it does not say otherwise.

    Args:
        strategy: The `tf.distribute.Strategy`.

    Attributes:
        count: Number of workers.
        index: Number of this worker.
        is_chief: Whether this worker writes the folder of the run.
    """

    def __init__(self, strategy: tf.distribute.Strategy):
        self._several = isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy)
        cluster = find_cluster() if self._several else Cluster()
        self.strategy = strategy
        self.count, self.index = cluster.count, cluster.index
        self.is_chief = cluster.is_chief
        self._exchanges = 0

    def training_batches(
        self, make_batches: MakeBatches
    ) -> tf.data.Dataset | tf.distribute.DistributedDataset:
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

    def validation(self, make_batches: MakeBatches) -> dict[str, Any]:
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

    def any(self, flag: bool) -> bool:
        """Whether a flag is set on any worker."""
        if self.count == 1:
            return flag
        flag = tf.constant(int(flag))
        return bool(self.strategy.reduce("SUM", flag, axis=None))

    def gather(self, value: Any) -> list[Any]:
        """Collects a value, anything that JSON can hold, from all workers in order."""
        if self.count == 1:
            return [value]
        key = self._next_key()
        share_value(key + str(self.index), json.dumps(value))
        return [
            json.loads(shared_value(key + str(index))) for index in range(self.count)
        ]

    def of_chief(self, make_value: Callable[[], Any]) -> Any:
        """Returns on all workers what a function returns on the chief.

        Args:
            make_value: Function that returns anything that JSON can hold; called on
                the chief only, which does not wait for the others.
        """
        if self.count == 1:
            return make_value()
        key = self._next_key()
        if self.is_chief:
            share_value(key, json.dumps(make_value()))
        return json.loads(shared_value(key))

    def _next_key(self) -> str:
        """Where the next values lie; the same on all workers."""
        self._exchanges += 1
        return f"darts_tf/{self._exchanges}/"

    def check_equal(self, make_values: Callable[[], Mapping[str, Any]]) -> None:
        """Refuses to go on where a value is not the same on all workers.

        Args:
            make_values: Function that returns a dictionary of what JSON can hold; not
                called if there is one worker only.

        Raises:
            UserError: On all workers, with the first differences.
        """
        if self.count == 1:
            return
        first, *others = self.gather(make_values())
        for index, other in enumerate(others, 1):
            if differ := differences(first, other, "worker 0", f"worker {index}"):
                self.leave()
                raise UserError(f"All workers must run the same ({differ}).")

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Within, a lost worker raises a `LostWorkerError`; all leave together.

        The chief may have more to write at the end of a run than the others.
        """
        with lost_workers_explained():
            yield
            self.any(False)
            self.leave()

    def leave(self) -> None:
        """Waits until no worker needs another one any more; then a process may end.

        A worker has the result of an operation of all before the others have received
        their part of it, which its end would cut off.
        """
        # Where the chief ends first, the others do not find what they wait for.
        with contextlib.suppress(tf.errors.OpError):
            self.gather(None)


def differences(first: Mapping[str, Any], other: Mapping[str, Any], *names: str) -> str:
    """Says in which values a process differs from another; nothing if in none.

    Args:
        first: Values by name.
        other: Those of the other process.
        *names: What the two are called.
    """
    return "; ".join(
        f"{key}: {first.get(key)!r} on {names[0]}, {other.get(key)!r} on {names[1]}"
        for key in sorted(first.keys() | other.keys())
        if first.get(key) != other.get(key)
    )
