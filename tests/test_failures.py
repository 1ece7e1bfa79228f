import errno
import os

import pytest
import tensorflow as tf

from darts_tf.atomic_file import write_atomically
from darts_tf.errors import UserError
from darts_tf.failures import failures_explained
from tests.long_cases import with_long


def explained(function, *arguments):
    """The one line that a failure becomes."""
    with pytest.raises(UserError) as caught, failures_explained():
        function(*arguments)
    (line,) = str(caught.value).splitlines()
    return line


def raise_error(error):
    raise error


def test_a_full_disk_names_the_file(tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    path = tmp_path / "metrics.csv"
    line = explained(write_atomically, path, "content")
    assert line.startswith(f"{path}: No space left on device. Make space there, ")
    assert not list(tmp_path.iterdir())


def test_a_file_is_called_by_its_own_name():
    line = explained(write_atomically, "/proc/a.keras", b"content")
    assert line.startswith("/proc/a.keras: No such file or directory. ")


def test_errors_of_the_system_without_a_file():
    assert explained(raise_error, BrokenPipeError(errno.EPIPE, "Broken pipe")) == (
        "Broken pipe. When that is mended, give the same command again."
    )


def read_in_a_pipeline(path):
    dataset = tf.data.Dataset.from_tensors(path).map(tf.io.read_file)
    return next(iter(dataset))


def write_summary(path):
    with tf.summary.create_file_writer(f"{path}/folder").as_default():
        tf.summary.scalar("loss", 1.0, step=0)


@pytest.mark.parametrize(
    "function",
    [
        tf.io.read_file,
        tf.function(tf.io.read_file, autograph=False),
        read_in_a_pipeline,
        write_summary,
    ],
    ids=["eager", "traced", "pipeline", "summary"],
)
def test_files_that_tensorflow_misses(function, tmp_path):
    path = tmp_path / "gone" if function is not write_summary else "/proc"
    line = explained(function, str(path))
    assert line.startswith(f"{path}") and "; No such file or directory. When" in line


def test_a_full_disk_under_tensorflow():
    line = explained(tf.io.write_file, "/dev/full", "content" * 10_000)
    assert line.startswith("/dev/full; No space left on device. Make space there, ")


def test_records_that_are_none(tmp_path):
    (tmp_path / "records").write_text("something that is none")
    dataset = tf.data.TFRecordDataset(str(tmp_path / "records"))
    assert explained(next, iter(dataset)).startswith("corrupted record at 0")


@pytest.mark.parametrize("wrap", with_long([lambda f: f, tf.function], [tf.function]))
def test_too_little_memory(wrap):
    line = explained(wrap(lambda n: tf.zeros((n, n))), tf.constant(10**7))
    assert line.startswith("OOM when allocating tensor with shape[10000000,10000000]")
    assert "Free memory, then give the same command again" in line


def test_several_reasons():
    message = (
        "Graph execution error:\n\n2 root error(s) found.\n"
        "  (0) RESOURCE_EXHAUSTED:  out of memory\n\t [[{{node a}}]]\n"
        "  (1) INTERNAL:  more\n0 successful operations."
    )
    error = tf.errors.ResourceExhaustedError(None, None, message)
    assert explained(raise_error, error).startswith("out of memory. Free memory")


def test_too_little_memory_of_python():
    assert explained(raise_error, MemoryError()).startswith("Out of memory. Free ")
    line = explained(raise_error, MemoryError("Unable to allocate 7 GiB"))
    assert line.startswith("Out of memory: Unable to allocate 7 GiB. Free ")


@pytest.mark.parametrize(
    "error",
    [
        tf.errors.InvalidArgumentError(None, None, "a mistake in the code"),
        tf.errors.UnavailableError(None, None, "a lost worker"),
        KeyboardInterrupt(),
        ZeroDivisionError(),
    ],
)
def test_others_stay(error):
    with pytest.raises(type(error)), failures_explained():
        raise error
