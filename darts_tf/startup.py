"""Settings of a program that must precede the import of TensorFlow and Keras."""

import gc
import importlib
import os
import sys


def import_keras() -> None:
    """Imports Keras and TensorFlow so that a search starts and runs fast.

    It gives the same results for every user: settings of Keras and Matplotlib, in
    variables of the environment or in the home folder, have no effect. Those of
    TensorFlow that the environment has stay as they are.
    """
    # Imports and tracing make half a million objects that stay. Python looks for
    # garbage after every 700 of them, unless told otherwise.
    gc.set_threshold(50_000)
    # TensorFlow reads these when it is imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # It leaves oneDNN out on processors without AVX-512 VNNI, where a search takes
    # less than half of the time with it.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    # So that threads that read data do not keep those waiting that launch kernels.
    if os.cpu_count() > 16:
        os.environ.setdefault("TF_GPU_THREAD_MODE", "gpu_private")
    _choose_backends()
    # Keras would import scikit-learn, too, for wrappers that nothing here uses: a
    # fifth of the time to start, and 60 MB. `None` says that it is not there.
    hides = "sklearn" not in sys.modules
    if hides:
        sys.modules["sklearn"] = None
    try:
        keras = importlib.import_module("keras")
    finally:
        if hides:
            del sys.modules["sklearn"]
    # These undo what keras.json in the user's folder may say.
    keras.config.set_floatx("float32")
    keras.config.set_epsilon(1e-7)
    keras.config.set_image_data_format("channels_last")
    gc.freeze()


def _choose_backends():
    """Settles what Keras computes with, and what Matplotlib draws with."""
    asked = os.environ.get("KERAS_BACKEND") or "tensorflow"
    if asked != "tensorflow":
        print(
            f"KERAS_BACKEND={asked} is not followed: this program needs tensorflow.",
            file=sys.stderr,
        )
    os.environ["KERAS_BACKEND"] = "tensorflow"
    # Figures only become files, and a name in the environment that Matplotlib does not
    # know would make its import fail.
    os.environ["MPLBACKEND"] = "agg"
