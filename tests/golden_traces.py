"""How the golden tests of search networks trace: in which form, for which device."""

import contextlib
import os

from darts_tf.convolutional.forms.form import EDGES, FORMS, GROUPED
from darts_tf.traced_device import supposed_gpu
from tests.long_cases import with_long

# Where the environment has it, the golden tests run in the grouped form alone, and XLA
# compiles its programs, as on a GPU. TensorFlow keeps them as long as its process
# lives, gigabytes in all, so that each file of tests needs a process of its own:
# `test_golden_compiled.py`.
COMPILED = "DARTS_TF_COMPILED_GOLDEN"

TRACED_FORMS = [GROUPED] if COMPILED in os.environ else with_long(FORMS, [EDGES])


def traced_device() -> contextlib.AbstractContextManager:
    """Within, networks trace as on a GPU if `COMPILED`, else as on what is here."""
    return supposed_gpu() if COMPILED in os.environ else contextlib.nullcontext()
