"""Programs of a user who has set other things than this project needs."""

import hashlib
import json
import os
import subprocess
import sys


def compute():
    """Computes with each network, as programs do; prints the results and settings."""
    import trainers  # noqa: F401, I001
    import keras
    import tensorflow as tf

    import darts_tf.report  # noqa: F401
    from darts_tf.convolutional.evaluation_network import EvaluationNetwork
    from darts_tf.convolutional.search_network import SearchNetwork
    from darts_tf.genotype.convolutional_genotype import Genotype

    keras.utils.set_random_seed(1)
    networks = [
        SearchNetwork(3, 4, 1, 1, ("skip_connect", "max_pool_3x3")),
        EvaluationNetwork(Genotype.published("DARTS_V2"), 3, 4, 2, auxiliary=False),
    ]
    images = tf.random.stateless_normal([2, 8, 6, 3], [1, 2])
    for network in networks:
        logits = network(images, training=True)
        print(logits.dtype, [tuple(v.shape) for v in network.weights])
        print(hashlib.md5(logits.numpy().tobytes()).hexdigest())
    config = keras.config
    print(config.backend(), config.epsilon(), config.dtype_policy().name)


def outcome(home, **environment):
    """What `compute` prints, and the errors, where `home` is Keras' folder."""
    process = subprocess.run(
        [sys.executable, "-c", f"import {__name__} as test; test.compute()"],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "KERAS_HOME": str(home),
            **environment,
        },
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout, process.stderr


def test_settings_of_a_user_change_no_network(tmp_path):
    usual, errors = outcome(tmp_path / "usual", KERAS_BACKEND="", MPLBACKEND="")
    assert "KERAS_BACKEND" not in errors
    settings = {
        "image_data_format": "channels_first",
        "floatx": "float16",
        "epsilon": 0.1,
        "backend": "jax",
    }
    home = tmp_path / "changed"
    home.mkdir()
    (home / "keras.json").write_text(json.dumps(settings))
    changed, errors = outcome(home, KERAS_BACKEND="bogus", MPLBACKEND="bogus")
    assert changed == usual
    (line,) = (line for line in errors.splitlines() if "KERAS_BACKEND" in line)
    assert "bogus" in line and "tensorflow" in line
