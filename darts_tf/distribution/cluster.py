"""The machines of a run, as the environment variable TF_CONFIG names them.

Each machine runs the same command, a worker; together their devices are the replicas of
one `tf.distribute.MultiWorkerMirroredStrategy`. The first worker is the chief, the only
one that writes.
"""

import dataclasses
import json
import os

import tensorflow as tf

from darts_tf.distribution.interruption import lost_workers_explained
from darts_tf.errors import UserError
from darts_tf.tensorflow_private import MultiWorkerStrategyOfCpus

_KINDS = ("chief", "worker")


@dataclasses.dataclass(frozen=True)
class Cluster:
    """All workers, and which of them this is.

    Attributes:
        count: Number of workers.
        index: Number of this one; the chief is 0.
    """

    count: int = 1
    index: int = 0

    @property
    def is_chief(self) -> bool:
        return self.index == 0


def find_cluster() -> Cluster | None:
    """Reads TF_CONFIG.

    Returns:
        The `Cluster`, or `None` where TF_CONFIG names none.

    Raises:
        UserError: If it is not what TensorFlow expects.
    """
    resolver = tf.distribute.cluster_resolver.TFConfigClusterResolver()
    try:
        # TensorFlow takes a list or a text for no cluster, and each machine runs alone.
        if not isinstance(json.loads(os.environ.get("TF_CONFIG", "{}")), dict):
            raise TypeError("expected a JSON object")
        tasks = resolver.cluster_spec().as_dict()
        kind, number = resolver.task_type, resolver.task_id
        # Tasks are a list, or a dictionary where some are left out.
        counts = {kind: len(addresses) for kind, addresses in tasks.items()}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(f"TF_CONFIG cannot be read ({error}).") from error
    if not counts:
        return None
    if set(counts) - set(_KINDS) or counts.get("chief", 1) != 1:
        raise UserError(
            "TF_CONFIG must name workers, and one chief at most; it names "
            + ", ".join(f"{count} {kind}" for kind, count in counts.items())
            + "."
        )
    if number is None or number not in range(counts.get(kind, 0)):
        raise UserError(
            f"TF_CONFIG says that this is {kind} {number}, which its cluster lacks."
        )
    first = counts.get("chief", 0) if kind == "worker" else 0
    return Cluster(sum(counts.values()), first + number)


def make_strategy(cpu_devices: int = 1) -> tf.distribute.Strategy:
    """Makes the strategy of all workers; returns when all have come.

    Must come before TensorFlow's first operation.

    Args:
        cpu_devices: Number of logical devices of a worker without GPUs.

    Raises:
        LostWorkerError: If another worker ends meanwhile.
    """
    with lost_workers_explained():
        if cpu_devices == 1:
            return tf.distribute.MultiWorkerMirroredStrategy()
        return MultiWorkerStrategyOfCpus(cpu_devices)
