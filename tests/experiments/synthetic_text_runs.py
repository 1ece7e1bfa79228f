"""Writes the folders of recurrent searches and trainings that never ran."""

import csv
import json

import numpy as np

from darts_tf.experiments.recurrent_evaluation import results as evaluation_results
from darts_tf.experiments.recurrent_search import results as search_results
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.method.relaxations import softmax
from darts_tf.space.coefficients import entropy
from darts_tf.space.search_space import recurrent_space

ACTIVATIONS = ["none", "tanh", "relu", "sigmoid", "identity"]


def write_recurrent_search(folder, num_epochs, num_nodes=8, **settings):
    """Writes the run folder of a recurrent search.

    Args:
        folder: An empty folder.
        num_epochs: Number of finished epochs.
        num_nodes: Nodes in a cell.
        **settings: Settings beside the usual ones.

    Returns:
        The folder.
    """
    for name in ("alphas", "genotypes"):
        (folder / name).mkdir(parents=True)
    random = np.random.default_rng(3)
    space = recurrent_space(ACTIVATIONS, num_nodes)
    shape = space.alpha_shapes()["recurrent"]
    alpha, drift = 1e-3 * random.normal(size=shape), 0.04 * random.normal(size=shape)
    rows, genotypes = [], []
    for epoch in range(1, num_epochs + 1):
        alpha = alpha + drift + 0.02 * random.normal(size=shape)
        np.savez(folder / "alphas" / f"epoch_{epoch:03d}.npz", recurrent=alpha)
        genotypes.append(space.derive({"recurrent": softmax(alpha)}))
        genotypes[-1].save(folder / "genotypes" / f"epoch_{epoch:03d}.json")
        more = {
            "arch_loss": 5 + 1.5 * np.exp(-epoch / 6),
            "gradient_norm": 0.2 + 0.1 / epoch,
            "arch_gradient_norm": 0.002 + 0.01 * random.random(),
            "entropy_recurrent": entropy(softmax(alpha)),
        }
        rows.append(_row(epoch, random) | more)
    best = min(range(num_epochs), key=lambda row: rows[row]["val_loss"])
    genotypes[best].save(folder / "genotype_best.json")
    genotypes[-1].save(folder / "genotype_latest.json")
    usual = {"order": "second", "activations": ACTIVATIONS, "dataset": "ptb"}
    config = _config("search_rnn", usual | settings)
    config["format"] = search_results.CONFIG_FORMAT
    _write(folder, rows, search_results.COLUMNS, config)
    return folder


def write_language_training(
    folder, num_epochs, genotype="DARTS_V2", averaging_from=None
):
    """Writes the run folder of a language model.

    Args:
        folder: An empty folder.
        num_epochs: Number of finished epochs.
        genotype: Name of a published cell.
        averaging_from: The first epoch with averaged weights.

    Returns:
        The folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(4)
    rows = [
        _row(epoch, random)
        | {
            "averaging": int(averaging_from is not None and epoch >= averaging_from),
            "recoveries": int(epoch > 3),
        }
        for epoch in range(1, num_epochs + 1)
    ]
    config = _config("eval_ptb", {"dataset": "ptb", "genotype": genotype})
    config["format"] = evaluation_results.CONFIG_FORMAT
    config["genotype"] = json.loads(RecurrentGenotype.published(genotype).to_json())
    _write(folder, rows, evaluation_results.COLUMNS, config)
    return folder


def _row(epoch, random):
    loss = 4.3 + 2.2 * np.exp(-epoch / 8) + 0.005 * random.normal()
    val_loss = 4.4 + 1.9 * np.exp(-epoch / 8) + 0.008 * random.normal()
    return {
        "epoch": epoch,
        "step": 100 * epoch,
        "learning_rate": 20,
        "loss": loss,
        "perplexity": np.exp(loss),
        "val_loss": val_loss,
        "val_perplexity": np.exp(val_loss),
        "seconds": 230 + 5 * random.random(),
        "peak_memory_gb": 3.2,
    }


def _config(trainer, settings):
    data = {
        "name": "ptb",
        "num_train": 929589,
        "num_valid": 73760,
        "vocabulary_size": 10000,
    }
    return {
        "version": 1,
        "settings": {"epochs": 50, "data_dir": None, **settings},
        "data": data,
        "versions": {"darts_tf": "1.0", "python": "3.11.7"},
        "num_weights": 4110600,
        "command": f"python -m trainers.{trainer} --seed=2",
    }


def _write(folder, rows, columns, config):
    with open(folder / "metrics.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    (folder / "config.json").write_text(json.dumps(config))
