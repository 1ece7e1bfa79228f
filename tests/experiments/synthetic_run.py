"""Writes the folder of a search that never ran, with plausible numbers."""

import csv
import json

import numpy as np

from darts_tf.experiments.convolutional_search.results import COLUMNS
from darts_tf.method.relaxations import softmax
from darts_tf.space.coefficients import entropy
from darts_tf.space.search_space import convolutional_space

PRIMITIVES = [
    "none",
    "max_pool_3x3",
    "avg_pool_3x3",
    "skip_connect",
    "sep_conv_3x3",
    "sep_conv_5x5",
    "dil_conv_3x3",
    "dil_conv_5x5",
]


def write_run(folder, num_epochs, num_nodes=4, skip_drift=0.012, **settings):
    """Writes a run folder.

    Args:
        folder: An empty folder.
        num_epochs: Number of finished epochs.
        num_nodes: Nodes in a cell.
        skip_drift: What alpha of skip connections gains each epoch.
        **settings: Settings beside the usual ones.

    Returns:
        The folder.
    """
    (folder / "alphas").mkdir(parents=True)
    (folder / "genotypes").mkdir()
    random = np.random.default_rng(1)
    space = convolutional_space(PRIMITIVES, num_nodes)
    shapes = space.alpha_shapes()
    alphas = {name: 1e-3 * random.normal(size=shapes[name]) for name in shapes}
    drift = {name: 0.025 * random.normal(size=shapes[name]) for name in shapes}
    rows, genotypes = [], []
    for epoch in range(1, num_epochs + 1):
        for name, alpha in alphas.items():
            alpha += drift[name] + 0.02 * random.normal(size=alpha.shape)
        alphas["normal"][:, 3] += skip_drift
        np.savez(folder / "alphas" / f"epoch_{epoch:03d}.npz", **alphas)
        strengths = {kind: softmax(alpha) for kind, alpha in alphas.items()}
        genotypes.append(space.derive(strengths))
        genotypes[-1].save(folder / "genotypes" / f"epoch_{epoch:03d}.json")
        rows.append(_row(epoch, random, strengths, genotypes[-1]))
    best = max(range(num_epochs), key=lambda row: rows[row]["val_accuracy"])
    genotypes[best].save(folder / "genotype_best.json")
    genotypes[-1].save(folder / "genotype_latest.json")
    with open(folder / "metrics.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    (folder / "config.json").write_text(json.dumps(_config(settings)))
    return folder


def _row(epoch, random, strengths, genotype):
    progress = 1 - np.exp(-epoch / 9)
    accuracy = 0.35 + 0.6 * progress + 0.005 * random.normal()
    val_accuracy = 0.33 + 0.53 * progress + 0.008 * random.normal()
    row = {
        "epoch": epoch,
        "step": 390 * epoch,
        "learning_rate": 0.0125 * (1 + np.cos(np.pi * (epoch - 1) / 50)),
        "loss": 2 - 1.9 * progress,
        "accuracy": accuracy,
        "arch_loss": 2 - 1.5 * progress,
        "arch_accuracy": val_accuracy - 0.02,
        "val_loss": 2 - 1.55 * progress,
        "val_accuracy": val_accuracy,
        "gradient_norm": 2 + 3 / epoch + 0.2 * random.random(),
        "arch_gradient_norm": 0.05 + 0.1 * random.random(),
        "seconds": 412 + 5 * random.random(),
        "peak_memory_gb": 5.3,
    }
    for name, of_kind in strengths.items():
        cell = getattr(genotype, name)
        row[f"entropy_{name}"] = entropy(of_kind)
        row[f"skip_connect_{name}"] = cell.count("skip_connect")
    return row


def _config(settings):
    usual = {
        "order": "second",
        "dataset": "cifar10",
        "data_dir": None,
        "epochs": 50,
        "batch_size": 64,
        "learning_rate": 0.025,
        "primitives": PRIMITIVES,
        "seed": 2,
    }
    return {
        "format": "darts_tf.search",
        "version": 1,
        "settings": usual | settings,
        "data": {
            "name": "cifar10",
            "num_train": 25000,
            "num_valid": 25000,
            "image_shape": [32, 32, 3],
            "class_names": ["airplane", "automobile", "bird", "<script>alert(1)"],
            "mean": [0.4914, 0.4822, 0.4465],
            "std": [0.247, 0.2435, 0.2616],
        },
        "versions": {"darts_tf": "1.0", "python": "3.11.7", "numpy": "2.1.0"},
        "num_weights": 1930842,
        "command": "python -m trainers.search --order=second --seed=2",
    }
