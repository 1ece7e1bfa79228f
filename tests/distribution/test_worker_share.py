import tensorflow as tf

from darts_tf.distribution.worker_share import (
    examples_of_worker,
    share_of_batch,
    shares_of_step,
)


def test_replicas_get_neighbours_and_all_of_a_short_batch():
    """Two workers with two replicas each, batches of 8 of 11 examples."""
    found = []
    for worker in range(2):
        context = tf.distribute.InputContext(2, worker, 4)
        part = examples_of_worker(tf.data.Dataset.range(11), 8, context)
        shares = part.batch(share_of_batch(8, context))
        found.append([share.tolist() for share in shares.as_numpy_iterator()])
        assert shares_of_step(context) == 2
    assert found == [[[0, 1], [2, 3], [8, 9], [10]], [[4, 5], [6, 7]]]


def test_one_machine_reads_whole_batches():
    examples = tf.data.Dataset.range(3)
    assert examples_of_worker(examples, 8, None) is examples
    assert share_of_batch(8, None) == 8 and shares_of_step(None) == 1
