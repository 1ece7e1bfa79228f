import dataclasses
import os
import subprocess
import sys

import pytest
import tensorflow as tf

from darts_tf import startup
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.errors import UserError
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


def test_xla_is_told_where_to_keep_programs(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "environ", {"TF_XLA_FLAGS": "--tf_xla_clustering_debug"})
    folder = tmp_path / 'a "cache"' / "of programs"
    config = dataclasses.replace(SearchConfig(), compilation_cache=folder)
    for _ in range(2):
        configure_runtime(config)
    assert folder.is_dir()
    quoted = str(folder).replace('"', r"\"")
    assert os.environ["TF_XLA_FLAGS"] == (
        f'--tf_xla_clustering_debug --tf_xla_persistent_cache_directory="{quoted}"'
    )


def test_a_folder_for_programs_that_cannot_be(tmp_path):
    file = tmp_path / "file"
    file.touch()
    config = dataclasses.replace(SearchConfig(), compilation_cache=file)
    with pytest.raises(UserError, match=r"`compilation_cache`=.*file: File exists\."):
        configure_runtime(config)


_COMPILE = """
import sys
import tensorflow as tf
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.experiments.convolutional_search.config import SearchConfig

configure_runtime(SearchConfig(compilation_cache=sys.argv[1]))

@tf.function(autograph=False, jit_compile=True)
def call(x):
    return tf.nn.softmax(x @ x)

call(tf.ones([4, 4]))
"""


@pytest.mark.long
def test_the_next_process_compiles_nothing(tmp_path):
    """It would write the program again."""
    folder, written = tmp_path / "programs of XLA", []
    for _ in range(2):
        subprocess.run([sys.executable, "-c", _COMPILE, folder], check=True)
        (program,) = folder.iterdir()
        written.append(program.stat().st_mtime_ns)
    assert written[0] == written[1]
