"""Trials whose processes train nothing, for tests."""

import os

from darts_tf.errors import UserError


def describe(settings):
    """Returns as data the settings that the process got."""
    return {"data": settings, "fingerprint": {"layers": settings["layers"]}}


def refuse(settings):
    raise UserError("`dataset`=none: there are no such images.")


def train(settings, number, genotype, epochs=None):
    """Returns as metrics what the process got."""
    device = os.environ.get("CUDA_VISIBLE_DEVICES", "-1")
    kept = genotype["format"] == "darts_tf.genotype"
    score = number / 10
    metrics = {
        "device": int(device),
        "kept": float(kept),
        "epochs": epochs,
        "val_accuracy": score,
    }
    return {"score": score, "steps": 3, "seconds": 2.0, "metrics": metrics}
