"""XLA compiles a step once, not for each batch, and it is the same step."""

import json

import numpy as np
import pytest

from tests.method import compiled_steps
from tests.trainers import trainer_process

FIRST = ("first", "exact")
EXACT = ("second", "exact")
DIFFERENCE = ("second", "finite_difference")
# What is searched or trained, with what, and how far numbers may be apart.
CASES = {"first": ("search", {"method": FIRST}, 1e-4)}
LONG_CASES = {
    "exact": ("search", {"method": EXACT}, 1e-4),
    "difference": ("search", {"method": DIFFERENCE}, 1e-4),
    "recomputed": ("search", {"method": EXACT, "recompute": True}, 1e-4),
    "bfloat16": ("search", {"method": FIRST, "policy": "mixed_bfloat16"}, None),
    "float16": ("search", {"method": FIRST, "policy": "mixed_float16"}, None),
    "recurrent": ("recurrent_search", {"method": FIRST}, 1e-9),
    "recurrent exact": ("recurrent_search", {"method": EXACT}, 1e-9),
    "recurrent difference": ("recurrent_search", {"method": DIFFERENCE}, 1e-9),
    "recurrent recomputed": (
        "recurrent_search",
        {"method": EXACT, "recompute": True},
        1e-9,
    ),
    "training": ("image_training", {}, 1e-4),
}


def check(folder, kind, arguments, tolerance):
    result = trainer_process.run(compiled_steps, folder, kind, json.dumps(arguments))
    assert result.returncode == 0, result.stderr
    programs = [path.name for path in folder.glob("programs/*before_optimizations.txt")]
    steps = [name for name in programs if "one_step" in name or "MustCompile" in name]
    assert len(steps) == 1, programs
    compiled, usual = (
        np.load(folder / f"{name}.npz") for name in ("compiled", "usual")
    )
    for name in usual if tolerance else ():
        largest = np.abs(usual[name]).max(initial=1e-3)
        error = np.abs(compiled[name] - usual[name]).max(initial=0)
        assert error <= tolerance * largest, name


@pytest.mark.parametrize("name", CASES)
def test_compiled_once(name, tmp_path):
    check(tmp_path, *CASES[name])


@pytest.mark.long
@pytest.mark.parametrize("name", LONG_CASES)
def test_compiled_once_in_other_forms(name, tmp_path):
    check(tmp_path, *LONG_CASES[name])
