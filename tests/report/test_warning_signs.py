import math

import pytest

from darts_tf.report import warning_signs
from tests.report.synthetic_run import PRIMITIVES


def _warnings(num_epochs=20, **columns):
    metrics = {
        "epoch": [float(epoch) for epoch in range(1, num_epochs + 1)],
        "accuracy": [0.5] * num_epochs,
        "val_accuracy": [0.5] * num_epochs,
        "entropy_normal": [1.5] * num_epochs,
        "entropy_reduce": [1.5] * num_epochs,
        "skip_connect_normal": [2.0] * num_epochs,
        "skip_connect_reduce": [8.0] * num_epochs,
    }
    for name, last in columns.items():
        metrics[name] = metrics[name][: -len(last)] + last
    return warning_signs(metrics, {"primitives": PRIMITIVES})


def test_a_healthy_search_has_none():
    assert _warnings() == []


@pytest.mark.parametrize(
    "sign, columns",
    [
        ("Skip connections", {"skip_connect_normal": [3.0]}),
        ("drift apart", {"accuracy": [0.62, 0.63, 0.64]}),
        ("has fallen", {"val_accuracy": [0.49, 0.48, 0.47]}),
        ("hardly moved", {"entropy_normal": [2.07], "entropy_reduce": [2.07]}),
        ("Only 14 epochs", {"num_epochs": 14}),
        ("Only 1 epoch done", {"num_epochs": 1}),
    ],
)
def test_each_sign_gives_one_warning(sign, columns):
    num_epochs = columns.pop("num_epochs", 20)
    (warning,) = _warnings(num_epochs, **columns)
    assert sign in warning


@pytest.mark.parametrize(
    "columns",
    [
        {"skip_connect_normal": [5.0, 2.0]},
        {"accuracy": [0.65] * 20},
        {"accuracy": [0.59]},
        {"val_accuracy": [0.48, 0.49, 0.47]},
        {"val_accuracy": [0.49, 0.48]},
        {"entropy_normal": [2.05], "entropy_reduce": [2.07]},
        {"val_accuracy": [math.nan] * 20},
    ],
)
def test_below_the_thresholds_there_is_none(columns):
    assert _warnings(**columns) == []


def test_without_an_epoch():
    metrics = {"epoch": []}
    assert warning_signs(metrics, {}) == ["No epoch is finished yet."]
