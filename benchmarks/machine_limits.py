"""Limits of a machine: `python -m benchmarks.machine_limits` prints them as JSON."""

import json
import time

import tensorflow as tf

_REPEATS = 10


def machine_limits(megabytes=256, width=2048):
    """Measures the largest rates that all cores, or the GPU, reach together.

    Args:
        megabytes: Size of a tensor that no cache holds.
        width: Rows and columns of the factors of a matrix product.

    Returns:
        Dictionary of 10^9 bytes a second that an addition reads and writes, of 10^9
        floating-point operations a second in a float32 matrix product, of the kinds
        of devices and of TensorFlow's version.
    """
    vector = tf.random.normal([megabytes * 2**20 // 4])
    matrix = tf.random.normal([width, width])
    add = tf.function(lambda x: x + 1)
    multiply = tf.function(lambda x: tf.matmul(x, x))
    devices = tf.config.list_physical_devices()
    return {
        "devices": [device.device_type for device in devices],
        "tensorflow": tf.__version__,
        "gb_per_second": 2 * vector.shape[0] * 4 / _seconds(add, vector) / 1e9,
        "gflop_per_second": 2 * width**3 / _seconds(multiply, matrix) / 1e9,
    }


def _seconds(function, x):
    function(x)
    seconds = []
    for _ in range(_REPEATS):
        start = time.perf_counter()
        # One element, so that a GPU has to be done.
        tf.reshape(function(x), [-1])[0].numpy()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


if __name__ == "__main__":
    print(json.dumps(machine_limits()))
