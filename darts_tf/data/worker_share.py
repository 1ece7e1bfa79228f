"""What one of several machines reads of the data.

Of the examples in the order of one machine each worker takes every n-th. Those of a
step are then the same, however many workers there are, as long as they divide a batch.
The functions take a `tf.distribute.InputContext`, or `None` for a single machine.
"""


def examples_of_worker(dataset, input_context):
    """Leaves out the examples of other workers; before they are read, if possible."""
    if input_context is None:
        return dataset
    return dataset.shard(
        input_context.num_input_pipelines, input_context.input_pipeline_id
    )


def share_of_batch(batch_size, input_context):
    """Number of examples of a batch that come to a replica.

    A single machine reads whole batches, which Keras divides between its replicas.
    """
    if input_context is None:
        return batch_size
    return input_context.get_per_replica_batch_size(batch_size)


def shares_of_step(input_context):
    """Number of shares of a batch that a worker reads for one step."""
    if input_context is None:
        return 1
    return input_context.num_replicas_in_sync // input_context.num_input_pipelines
