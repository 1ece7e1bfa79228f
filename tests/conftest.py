"""Folders that the tests read and that do not come with the repository, and float64."""

import ctypes
import functools
import gc
import importlib
import os
import pathlib
import sys

import psutil
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
# As the search does on a CPU: two workers with two threads each hinder each other.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")

# As the programs do: tracing makes millions of objects that stay.
gc.set_threshold(50_000)

_MANY_GRADIENTS = 30
_MUCH_MEMORY = 2**30  # bytes
# Gradients and memory that were still in use when it was last looked for others.
_used_gradients = _used_memory = 0

# Folders and files whose tests take longest.
_LONGEST = (
    "test_golden_compiled.py",
    "serving",
    "test_golden_search.py",
    "distribution",
    "test_golden_recurrent.py",
    "variants",
    "trainers",
    "autodiff",
    "method",
    "earlier",
    "convolutional",
    "recurrent",
    "methods",
    "experiments",
    "benchmarks",
    "zoo",
    "data",
    "spaces",
)

# Resolved, because Bazel runs a test through links into the source tree.
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items):
    """Puts first what takes longest, so that workers end at the same time."""
    tests = REPOSITORY / "tests"

    def rank(item):
        top = item.path.resolve().relative_to(tests).parts[0]
        return _LONGEST.index(top) if top in _LONGEST else len(_LONGEST)

    items.sort(key=rank)


def pytest_collection_finish():
    """Keeps what was imported and collected out of later searches for garbage."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish():
    """Leaves the graphs that there still are to the end of the process."""
    gc.freeze()


def _folder(variable, default, content):
    path = pathlib.Path(os.environ.get(variable, REPOSITORY / default))
    if path.is_dir():
        return path
    message = f"{content} not found: {variable} should name a folder, not {path}"
    if variable in os.environ:
        pytest.fail(message)
    return pytest.skip(message)


def _double_precision():
    import keras

    floatx, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    # Keras settles it with the first layer that is made, whatever floatx is later.
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(policy)


@pytest.fixture
def float64():
    """Makes layers and variables double precision for the time of a test."""
    yield from _double_precision()


@pytest.fixture(scope="module")
def float64_module():
    """As `float64`, for all tests of a module."""
    yield from _double_precision()


@pytest.fixture(scope="module")
def shared_edges():
    """Lets all search networks of a module share what is traced of their edges.

    As the cells of one network do: what is traced takes all weights as arguments.
    """
    # By its name, so that not every test depends on it, which has this file.
    search_cells = importlib.import_module("darts_tf.convolutional.search_cells")
    make = functools.cache(search_cells.make_edge_types)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_cells, "make_edge_types", make)
        yield


@pytest.fixture
def channels_first():
    """Makes Keras' layers for images expect channels first, as users may."""
    import keras

    keras.config.set_image_data_format("channels_first")
    yield
    keras.config.set_image_data_format("channels_last")


@pytest.fixture(scope="module", autouse=True)
def without_grappler():
    """Leaves TensorFlow's graph optimizer out, as the trainers do on a CPU."""
    if "tensorflow" in sys.modules:
        _use_grappler(False)


@pytest.fixture
def with_grappler():
    """Takes TensorFlow's graph optimizer, as the trainers do on a GPU."""
    _use_grappler(True)
    yield
    _use_grappler(False)


def _use_grappler(used):
    import tensorflow as tf

    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": not used})


@pytest.fixture
def deterministic():
    """As the flag `--deterministic`, for the time of a test."""
    import tensorflow as tf
    from tensorflow.python.framework import config

    tf.config.experimental.enable_op_determinism()
    yield
    config.disable_op_determinism()


@pytest.fixture(autouse=True)
def forgotten_graphs():
    """Lets go of the graphs of tests that are over, when they are many or large.

    Graphs refer to themselves, so that Python has to look for them; and TensorFlow
    keeps every derivative that a `ForwardAccumulator` took for good. Whenever it
    prepares a function it copies all functions that there are, so that later tests
    would take twice their time. And the programs that XLA has compiled for a network
    in the grouped form hold gigabytes. What a module still uses does not count.
    """
    global _used_gradients, _used_memory
    yield
    if "tensorflow" not in sys.modules:
        return
    from tensorflow.python.eager import forwardprop

    _used_gradients = min(_used_gradients, _number_of_gradients())
    _used_memory = min(_used_memory, _resident_memory())
    many = _number_of_gradients() >= _used_gradients + _MANY_GRADIENTS
    if not many and _resident_memory() < _used_memory + _MUCH_MEMORY:
        return
    forwardprop._jvp_function_cache.clear()
    gc.collect()
    _return_free_memory()
    _used_gradients, _used_memory = _number_of_gradients(), _resident_memory()


def _return_free_memory():
    """Gives back what glibc's allocator, where it is used, keeps for the process."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _resident_memory():
    return psutil.Process().memory_info().rss


def _number_of_gradients():
    from tensorflow.python.framework import ops

    gradients = ops.gradient_registry.list()
    return sum(name.startswith("CustomGradient") for name in gradients)


@pytest.fixture(scope="session")
def golden_folder():
    """Numbers that the published implementation computed."""
    return _folder("DARTS_TF_GOLDEN", "../shared/golden", "golden numbers")


@pytest.fixture(scope="session")
def data_folder():
    """A data folder of `tensorflow_datasets` with `cifar10` in it."""
    return _folder("DARTS_TF_DATA", "../shared/tfds", "data sets")


@pytest.fixture(scope="session")
def table_folder():
    """A folder with `nasbench201.npz`, the accuracies of the benchmark's cells."""
    return _folder("DARTS_TF_TABLES", "../shared/tables", "tables of trained cells")


@pytest.fixture(scope="session")
def text_folder():
    """A folder with `ptb` in it, the Penn Treebank in its usual three files."""
    return _folder("DARTS_TF_TEXT", "../shared/text", "texts")


def pytest_terminal_summary(terminalreporter):
    """Prints what tests recorded, such as their distance from golden numbers."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties:
                test = report.nodeid.rpartition("::")[2]
                terminalreporter.write_line(f"{test}: {name} {value}")
