"""Writes the folder of a training on images that never ran."""

import csv
import json

import numpy as np

from darts_tf.experiments.convolutional_evaluation import results
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.run_layout import PREDICTIONS_FILE

CLASS_NAMES = (
    "airplane",
    "automobile",
    "bird",
    "<b>cat</b>",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship $x",
    "truck",
)


def write_training(folder, num_epochs, num_classes=10, channels=3, num_mistakes=32):
    """Writes a run folder.

    Args:
        folder: An empty folder.
        num_epochs: Number of finished epochs.
        num_classes: Number of classes.
        channels: Number of the images' channels.
        num_mistakes: Number of misclassified images.

    Returns:
        The folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(5)
    columns = results.COLUMNS
    if num_classes < 6:
        columns = [name for name in columns if "top_5" not in name]
    with open(folder / "metrics.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(_row(epoch, random) for epoch in range(1, num_epochs + 1))
    (folder / "config.json").write_text(json.dumps(_config(num_classes)))
    predictions = _predictions(random, num_classes, channels, num_mistakes)
    np.savez(folder / PREDICTIONS_FILE, **predictions)
    return folder


def _row(epoch, random):
    error, noise = 0.6 * np.exp(-epoch / 9), 0.006 * random.random()
    return {
        "epoch": epoch,
        "step": 520 * epoch,
        "learning_rate": 0.0125 * (1 + np.cos(np.pi * (epoch - 1) / 60)),
        "loss": 0.2 + 2 * error,
        "accuracy": 0.99 - error,
        "top_5_accuracy": 0.999 - 0.2 * error,
        "val_loss": 0.25 + 2 * error,
        "val_accuracy": 0.97 - error - noise,
        "val_top_5_accuracy": 0.998 - 0.2 * error - 0.1 * noise,
        "images_per_second": 22.5 + noise,
        "seconds": 2210.4,
        "peak_memory_gb": 4.1,
    }


def _config(num_classes):
    names = list(CLASS_NAMES[:num_classes])
    names += [f"class {number}" for number in range(len(names), num_classes)]
    data = {
        "name": "cifar10",
        "num_train": 50000,
        "num_valid": 10000,
        "image_shape": [32, 32, 3],
        "class_names": names,
        "mean": [0.49, 0.48, 0.45],
        "std": [0.25, 0.24, 0.26],
    }
    return {
        "format": results.CONFIG_FORMAT,
        "version": 1,
        "settings": {"epochs": 60, "genotype": "DARTS_V2", "dataset": "cifar10"},
        "data": data,
        "versions": {"darts_tf": "1.0", "python": "3.11.7"},
        "num_weights": 3349342,
        "command": "python -m trainers.eval_cifar --genotype=DARTS_V2",
        "genotype": json.loads(Genotype.published("DARTS_V2").to_json()),
    }


def _predictions(random, num_classes, channels, num_mistakes):
    labels = random.integers(num_classes, size=3000)
    wrong = random.random(3000) < 0.12
    predictions = np.where(
        wrong, (labels + random.integers(1, 4)) % num_classes, labels
    )
    mistakes = np.flatnonzero(predictions != labels)[:num_mistakes]
    y, x = np.mgrid[:32, :32]
    waves = [(np.sin(x / (2 + k % 5)) + np.cos(y / (3 + k % 7))) for k in mistakes]
    images = np.stack([waves] * channels, axis=-1) if waves else []
    images = np.reshape(images, (-1, 32, 32, channels))
    return {
        "labels": labels,
        "predictions": predictions,
        "images": np.uint8(127 + 60 * images),
        "image_labels": labels[mistakes],
        "image_predictions": predictions[mistakes],
        "image_probabilities": np.float32(0.5 + 0.4 * random.random(len(mistakes))),
    }
