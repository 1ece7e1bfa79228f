"""What a program settles before TensorFlow and Keras are imported."""

import gc
import importlib
import os
import sys


def import_keras():
    """Imports Keras and TensorFlow so that a search starts and runs fast.

    What the environment sets already stays as it is.
    """
    # Imports and tracing make half a million objects that stay. Python looks for
    # garbage after every 700 of them, unless told otherwise.
    gc.set_threshold(50_000)
    # TensorFlow reads these when it is imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # It leaves oneDNN out on processors without AVX-512 VNNI, where a search takes
    # less than half of the time with it.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    # Keras would import scikit-learn, too, for wrappers that nothing here uses: a
    # fifth of the time to start, and 60 MB. `None` says that it is not there.
    hides = "sklearn" not in sys.modules
    if hides:
        sys.modules["sklearn"] = None
    try:
        importlib.import_module("keras")
    finally:
        if hides:
            del sys.modules["sklearn"]
    gc.freeze()
