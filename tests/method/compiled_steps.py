"""Steps that XLA compiles, in a process of their own.

XLA writes down each program that it compiles only if it was told so before its first.
"""

import json
import os
import sys

import keras
import numpy as np
import tensorflow as tf

from darts_tf.convolutional import EvaluationNetwork, SearchNetwork
from darts_tf.convolutional.evaluation_model import ImageTrainingModel
from darts_tf.convolutional.search_model import SearchModel
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.recurrent import LanguageModel, SearchCell
from darts_tf.recurrent.search_model import RecurrentSearchModel

_STEPS, _BATCH_SIZE, _CLASSES = 3, 4, 3
_WORDS, _LENGTH = 12, 3


def search(method, policy=None, recompute=False):
    """An image search, and a different pair of batches for each step."""
    network = SearchNetwork(
        _CLASSES,
        init_channels=4,
        num_cells=1,
        num_nodes=2,
        reductions=[],
        recompute=recompute,
        dtype=policy,
    )
    network.build((None, 8, 8, 3))
    return SearchModel(network, *method), (_images(0), _images(1))


def image_training():
    """A training in two parts of each batch."""
    network = EvaluationNetwork(
        Genotype.published("DARTS_V2"), _CLASSES, 4, num_cells=1, auxiliary=False
    )
    network.build((None, 8, 8, 3))
    return ImageTrainingModel(network, accumulation_steps=2), _images(0)


def recurrent_search(method, recompute=False):
    """A search of texts, in float64: the cell of so few units magnifies rounding."""
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    cell = SearchCell(4, num_nodes=2, jit_compile=True)
    network = LanguageModel(_WORDS, cell, recompute=recompute)
    network.build()
    order, hessian = method
    model = RecurrentSearchModel(network, _BATCH_SIZE, order=order, hessian=hessian)
    return model, (_texts(0), _texts(1))


def _images(seed):
    random = np.random.default_rng(seed)
    images = random.normal(size=(_STEPS, _BATCH_SIZE, 8, 8, 3))
    return images.astype("float32"), random.integers(0, _CLASSES, (_STEPS, _BATCH_SIZE))


def _texts(seed):
    random = np.random.default_rng(seed)
    tokens = random.integers(0, _WORDS, (_STEPS, _BATCH_SIZE, _LENGTH + 1), np.int32)
    return {
        "tokens": tokens[..., :-1],
        "targets": tokens[..., 1:],
        "length": np.full(_STEPS, _LENGTH, np.int32),
        "starts": np.arange(_STEPS) == 0,
        "rate_factor": np.ones(_STEPS, np.float32),
    }


def variables_after(kind, arguments, jit_compile):
    """All that the steps move."""
    keras.utils.set_random_seed(1)
    model, batches = globals()[kind](**arguments)
    model.compile(jit_compile=jit_compile)
    batches = tf.data.Dataset.from_tensor_slices(batches)
    model.fit(batches, verbose=0, shuffle=False)
    return [variable.numpy() for variable in model.state_variables]


def main(folder, kind, arguments):
    # The quickest way to compile, which is not to run long.
    options = f"--xla_dump_to={folder}/programs", "--xla_backend_optimization_level=0"
    os.environ["XLA_FLAGS"] = " ".join(options)
    arguments = json.loads(arguments)
    for name, jit_compile in (("compiled", True), ("usual", False)):
        values = variables_after(kind, arguments, jit_compile)
        np.savez(f"{folder}/{name}.npz", *values)


if __name__ == "__main__":
    main(*sys.argv[1:])
