"""What is computed once for the same tensors."""

import tensorflow as tf

from darts_tf.convolutional.operations.grouped.remembering import (
    remembered,
    remembering,
)


def test_once_for_each_tensor_and_argument():
    calls = []

    @remembered
    def doubled(x, times=2):
        calls.append(times)
        return times * x

    x, same = tf.constant(1.0), tf.constant(1.0)
    with remembering():
        first = doubled(x)
        assert doubled(x) is first
        assert doubled(same) is not first
        assert doubled(x, 3) == 3.0
        assert doubled(x, times=2) == 2.0
    assert calls == [2, 2, 3, 2]
    doubled(x)
    doubled(x)
    assert len(calls) == 6
