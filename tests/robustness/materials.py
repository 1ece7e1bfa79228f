"""Sound files that tests damage."""

import functools
import shutil

import numpy as np
import tensorflow_datasets as tfds

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.weights.convolutional_weights import published_views
from tests.robustness.tiny_runs import (
    CELLS,
    TRAINERS,
    name_of,
    tiny_command,
    write_inputs,
)
from tests.torch_files import Tensor
from tests.trainers import trainer_process

SET = "strangers_set"


class Materials:
    """Files to damage, each made when it is first asked for.

    Args:
        folder: Folder for them.

    Attributes:
        inputs: Folder with the texts and genotypes of `tiny_command`.
        run: Function of the name of a trainer that returns the folder of its run.
    """

    def __init__(self, folder):
        self.inputs = write_inputs(folder / "inputs")
        self._folder = folder
        self.run = functools.cache(self._make_run)

    def _make_run(self, name):
        """Folder of a finished run of two epochs, by the name of its trainer."""
        (trainer,) = (module for module in TRAINERS if name_of(module) == name)
        folder = self._folder / name
        flags = tiny_command(trainer, self.inputs, epochs=2)
        result = trainer_process.run(trainer, *flags, f"--output={folder}")
        assert result.returncode == 0, result.stderr
        return folder

    def copy_run(self, name, folder, finished=True):
        """Copies a run to damage it; an unfinished one lacks its second epoch."""
        shutil.copytree(self.run(name), folder)
        if not finished:
            for path in (folder / "checkpoints").glob("epoch_0002*"):
                path.unlink()
        return folder

    @functools.cached_property
    def tensors(self):
        """The tensors of a sound PyTorch checkpoint, by name."""
        network = EvaluationNetwork(CELLS, init_channels=2, num_cells=2)
        network.build((None, 8, 8, 3))
        values = {v.path: v.numpy() for v in network.variables}
        views = published_views(network, values)
        return {name: Tensor(view) for name, view in views.items()}

    @functools.cached_property
    def _tfds(self):
        folder = self._folder / "tfds"
        features = tfds.features.FeaturesDict(
            {
                "image": tfds.features.Image(shape=(8, 8, 3)),
                "label": tfds.features.ClassLabel(num_classes=2),
            }
        )
        image = np.zeros((8, 8, 3), "uint8")
        examples = [(n, {"image": image, "label": n % 2}) for n in range(40)]
        tfds.dataset_builders.store_as_tfds_dataset(
            SET, "1.0.0", features, {"train": examples}, data_dir=folder
        )
        return folder

    def copy_tfds(self, folder):
        """Copies a TFDS set to damage it; returns the folder of its version."""
        shutil.copytree(self._tfds, folder)
        return folder / SET / "1.0.0"
