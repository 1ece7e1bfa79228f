"""Counts the collective operations of a search step on several devices.

```shell
python -m benchmarks.replica_collectives
```

They are counted in the traced graph of a step with the paper's network on two logical
devices; the number of devices changes neither how many there are nor what one device
hands in. Tracing takes minutes. The times are predicted, see `communication_seconds`.
"""

import sys

import tensorflow as tf

from darts_tf.convolutional import SearchNetwork
from darts_tf.convolutional.search_model import SearchModel

_DEVICES = 2
_SMALL = 2**16
# Devices -> seconds and bytes a second of a collective: within one machine, between 8.
LINKS = {8: (25e-6, 150e9), 64: (80e-6, 25e9)}
_METHODS = (("first", "exact"), ("second", "finite_difference"), ("second", "exact"))


def collectives(strategy, order, hessian, sync_batch_norm, **network_arguments):
    """Sizes of what one device hands to each collective of a step.

    Args:
        strategy: `tf.distribute.MirroredStrategy` on CPUs.
        order, hessian, sync_batch_norm: See `SearchModel`.
        **network_arguments: See `SearchNetwork`.

    Returns:
        List of bytes, one for each collective.
    """
    with strategy.scope():
        network = SearchNetwork(**network_arguments)
        network.build((None, 32, 32, 3))
        model = SearchModel(network, order, hessian, sync_batch_norm=sync_batch_norm)
        model.compile()
    batch = (tf.TensorSpec([2, 32, 32, 3]), tf.TensorSpec([2], tf.int32))
    step = tf.function(
        lambda data: strategy.run(model.train_step, (data,)), autograph=False
    )
    graph = step.get_concrete_function((batch, batch)).graph
    sizes = [
        op.inputs[0].shape.num_elements() * op.inputs[0].dtype.size
        for op in graph.get_operations()
        if op.type.startswith("CollectiveReduce")
    ]
    return sorted(sizes)[:: strategy.num_replicas_in_sync]


def communication_seconds(sizes, devices, latency, bandwidth):
    """Predicts the time of the collectives of a step, one after the other, in a ring.

    Each device sends, and receives, 2 (n - 1) / n times what it hands in.

    Args:
        sizes: Bytes of each collective.
        devices: Number n of devices.
        latency: Seconds that a collective takes however small it is.
        bandwidth: Bytes a second between neighbours.
    """
    share = 2 * (devices - 1) / devices
    return len(sizes) * latency + share * sum(sizes) / bandwidth


def main():
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0],
        [tf.config.LogicalDeviceConfiguration()] * _DEVICES,
    )
    strategy = tf.distribute.MirroredStrategy([f"CPU:{i}" for i in range(_DEVICES)])
    predicted = "".join(f" ms, {devices} devices |" for devices in LINKS)
    print(f"| order | batch statistics | collectives | below 64 kB | MB |{predicted}")
    print("|---" * (5 + len(LINKS)) + "|")
    for sync_batch_norm in (False, True):
        for order, hessian in _METHODS:
            sizes = collectives(strategy, order, hessian, sync_batch_norm)
            print(_row(order, hessian, sync_batch_norm, sizes))
            sys.stdout.flush()


def _row(order, hessian, sync_batch_norm, sizes):
    cells = [
        order if order == "first" else f"{order}, {hessian}",
        "of all devices" if sync_batch_norm else "of each device",
        len(sizes),
        sum(size < _SMALL for size in sizes),
        f"{sum(sizes) / 1e6:.1f}",
    ]
    for devices, link in LINKS.items():
        cells.append(f"{1000 * communication_seconds(sizes, devices, *link):.1f}")
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    main()
