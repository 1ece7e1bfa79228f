import os

import pytest
import tensorflow as tf

from darts_tf import startup
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.experiments.convolutional_evaluation.config import CIFAR10
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.recurrent_evaluation.config import PTB
from darts_tf.experiments.recurrent_search.config import RecurrentSearchConfig

CONFIGS = [SearchConfig(), RecurrentSearchConfig(), CIFAR10, PTB]


@pytest.fixture(autouse=True)
def options(monkeypatch):
    """The options of Grappler that are set; threads cannot be set any more."""
    found = {}
    monkeypatch.setattr(tf.config.optimizer, "set_experimental_options", found.update)
    for name in ("intra", "inter"):
        setting = f"set_{name}_op_parallelism_threads"
        monkeypatch.setattr(tf.config.threading, setting, lambda number: None)
    rounds = tf.config.experimental.tensor_float_32_execution_enabled()
    yield found
    tf.config.experimental.enable_tensor_float_32_execution(rounds)


@pytest.mark.parametrize(
    "gpus, expected",
    [
        ([], {"disable_meta_optimizer": True}),
        (["GPU:0"], {"layout_optimizer": False}),
    ],
)
@pytest.mark.parametrize("config", CONFIGS)
def test_grappler(config, gpus, expected, options, monkeypatch):
    monkeypatch.setattr(tf.config, "get_visible_devices", lambda kind: gpus)
    configure_runtime(config)
    assert options == expected


@pytest.mark.parametrize("config", CONFIGS)
def test_tensor_float_32_is_for_the_training_of_images(config):
    configure_runtime(config)
    on = tf.config.experimental.tensor_float_32_execution_enabled()
    assert on == (config is CIFAR10)


@pytest.mark.parametrize("cores, mode", [(16, None), (17, "gpu_private")])
def test_many_cores_read_data_beside_the_gpu(cores, mode, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    monkeypatch.setattr(os, "environ", {})
    startup.import_keras()
    assert os.environ.get("TF_GPU_THREAD_MODE") == mode
