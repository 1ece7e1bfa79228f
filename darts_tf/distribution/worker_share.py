"""The share of the data that one of several machines reads.

The images of a batch, in the order of one machine, are divided between the replicas as
on one machine: each has a row of neighbours, and each worker those of its replicas. The
functions take a `tf.distribute.InputContext`, or `None` for a single machine.
"""

import tensorflow as tf


def examples_of_worker(
    dataset: tf.data.Dataset,
    batch_size: int,
    input_context: tf.distribute.InputContext | None,
) -> tf.data.Dataset:
    """Leaves out the examples of other workers; before they are read, if possible.

    Args:
        dataset: `tf.data.Dataset` of the examples of whole batches.
        batch_size: Examples of a batch.
        input_context: `tf.distribute.InputContext` or `None`.
    """
    if input_context is None:
        return dataset
    workers = input_context.num_input_pipelines
    rows = dataset.batch(batch_size // workers)
    return rows.shard(workers, input_context.input_pipeline_id).unbatch()


def share_of_batch(
    batch_size: int, input_context: tf.distribute.InputContext | None
) -> int:
    """Number of examples of a batch that come to a replica.

    A single machine reads whole batches, which Keras divides between its replicas.
    """
    if input_context is None:
        return batch_size
    return input_context.get_per_replica_batch_size(batch_size)


def shares_of_step(input_context: tf.distribute.InputContext | None) -> int:
    """Number of shares of a batch that a worker reads for one step."""
    if input_context is None:
        return 1
    return input_context.num_replicas_in_sync // input_context.num_input_pipelines
