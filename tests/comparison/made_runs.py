"""Folders of finished runs that never ran, with the figures that a test wants."""

import csv
import json

import numpy as np

from darts_tf.convolutional.primitives import DARTS_PRIMITIVES
from darts_tf.genotype import Genotype, RecurrentGenotype
from darts_tf.recurrent.activations import DARTS_ACTIVATIONS
from darts_tf.space.search_space import convolutional_space, recurrent_space
from tests.experiments.synthetic_run import write_run
from tests.experiments.synthetic_text_runs import (
    write_language_training,
    write_recurrent_search,
)
from tests.experiments.synthetic_training import write_training


def change(folder, last=None, columns=None, data=None, **settings):
    """Changes what is in the folder of a run.

    Args:
        folder: The folder.
        last: Values of columns of the last epoch, by name.
        columns: Values of whole columns, by name.
        data: Entries of the data.
        **settings: Settings.

    Returns:
        The folder.
    """
    path = folder / "metrics.csv"
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    for name, values in (columns or {}).items():
        for row, value in zip(rows, values, strict=True):
            row[name] = value
    rows[-1] |= last or {}
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    config = json.loads((folder / "config.json").read_text())
    config["settings"] |= settings
    config["data"] |= data or {}
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def _train(folder, genotype):
    """Puts the cells that a training is of into its folder."""
    path = folder / "config.json"
    config = json.loads(path.read_text())
    config["genotype"] = json.loads(genotype.to_json())
    path.write_text(json.dumps(config))


def _rng():
    return np.random.default_rng(0)


def image_training(folder, error, genotype="DARTS_V2", search=None, **settings):
    """Writes a training of two epochs that ends with an error in percent.

    Args:
        folder: Path of the folder.
        error: The error.
        genotype: The setting.
        search: Folder of the search whose best genotype it is of.
        **settings: Other settings.
    """
    write_training(folder, 2, num_mistakes=2)
    if search is not None:
        genotype = str(search)
        _train(folder, Genotype.load(search / "genotype_best.json"))
    elif genotype == "random_cifar10":
        _train(folder, convolutional_space(DARTS_PRIMITIVES).sample(_rng()))
    elif genotype in Genotype.published_by_name():
        _train(folder, Genotype.published(genotype))
    settings = {"epochs": 2, "genotype": genotype, **settings}
    return change(folder, {"val_accuracy": 1 - error / 100}, **settings)


def image_search(folder, accuracies, seconds=3600, num_nodes=4, **settings):
    """Writes a search with a validation accuracy and a time for each epoch."""
    settings = {"epochs": len(accuracies), **settings}
    write_run(folder, len(accuracies), num_nodes, skip_drift=0, **settings)
    columns = {
        "val_accuracy": accuracies,
        "seconds": np.broadcast_to(seconds, len(accuracies)),
    }
    return change(folder, columns=columns)


def text_training(
    folder, valid, test, genotype="DARTS_V2", genotype_from=None, **settings
):
    """Writes a training of two epochs with the perplexities of its texts.

    Args:
        folder: Path of the folder.
        valid: Perplexity of the validation text.
        test: That of the test text.
        genotype: The setting.
        genotype_from: Folder of the search that it names instead.
        **settings: Other settings.
    """
    write_language_training(folder, 2)
    settings["genotype"] = str(genotype_from or genotype)
    if genotype_from is not None:
        _train(folder, RecurrentGenotype.load(genotype_from / "genotype_best.json"))
    elif genotype == "random_ptb":
        _train(folder, recurrent_space(DARTS_ACTIVATIONS).sample(_rng()))
    # The best epoch is the last one.
    values = {"val_loss": [np.log(valid) + 1, np.log(valid)]}
    values["val_perplexity"] = np.exp(values["val_loss"])
    change(folder, columns=values, epochs=2, **settings)
    results = {"best_epoch": 2, "val_perplexity": valid, "test_perplexity": test}
    (folder / "results.json").write_text(json.dumps(results))
    return folder


def text_search(folder, perplexities, **settings):
    """Writes a recurrent search with a validation perplexity for each epoch."""
    epochs = len(perplexities)
    write_recurrent_search(folder, epochs, epochs=epochs, **settings)
    columns = {"val_perplexity": perplexities, "val_loss": np.log(perplexities)}
    return change(folder, columns=columns)
