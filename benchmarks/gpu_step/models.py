"""The models whose steps are measured on a GPU, as a run makes them, and a batch."""

import dataclasses
import json
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from benchmarks.gpu_step.settings import FLOAT32, SEARCH, TENSOR_FLOAT_32, XLA, GpuStep
from benchmarks.search_step.measurement import NUM_CLASSES, order_of
from benchmarks.search_step.settings import Sizes
from darts_tf.experiments.convolutional_evaluation import model as evaluation
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.experiments.convolutional_search import model as search
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.genotype import Genotype

_GENOTYPE = "DARTS_V2"


class _Images(NamedTuple):
    """What a model must know of its data."""

    class_names: tuple[str, ...]
    image_shape: tuple[int, int, int]


def step_of_json(text):
    """Returns the `GpuStep` of `json_of_step`."""
    values = json.loads(text)
    return GpuStep(**{**values, "sizes": Sizes(**values["sizes"])})


def json_of_step(step):
    """Writes a `GpuStep`."""
    return json.dumps(dataclasses.asdict(step))


def run_config(step):
    """Returns the settings of a run with the step that a `GpuStep` describes."""
    rounds = step.precision == TENSOR_FLOAT_32
    shared = {
        "init_channels": step.sizes.init_channels,
        "layers": step.sizes.layers,
        "batch_size": step.sizes.batch_size,
        "precision": FLOAT32 if rounds else step.precision,
        "tensor_float_32": rounds,
        "jit_compile": step.execution == XLA,
    }
    if step.network != SEARCH:
        return ImageTrainingConfig(genotype=_GENOTYPE, **shared)
    order, hessian = order_of(step)
    return SearchConfig(
        nodes=step.sizes.nodes,
        form=step.form,
        order=order,
        hessian=hessian,
        **shared,
    )


def make_model(step, config):
    """Builds and compiles the model of a `GpuStep` and of its `run_config`."""
    size = step.sizes.image_size
    images = _Images(tuple(map(str, range(NUM_CLASSES))), (size, size, 3))
    if step.network == SEARCH:
        return search.make_model(config, images)
    return evaluation.make_model(config, Genotype.published(_GENOTYPE), images)


def random_batch(step):
    """Returns what a step takes: images and labels, of a search a pair of these."""
    random = np.random.default_rng(0)
    count, size = step.sizes.batch_size, step.sizes.image_size
    first, second = (
        (
            random.normal(size=(count, size, size, 3)).astype("float32"),
            random.integers(NUM_CLASSES, size=count, dtype="int32"),
        )
        for _ in range(2)
    )
    return (first, second) if step.network == SEARCH else first


def traced_step(model, batch):
    """Traces the step of a model for a batch of arrays; returns its graph."""
    signature = tf.nest.map_structure(lambda x: tf.TensorSpec(x.shape, x.dtype), batch)
    function = tf.function(model.train_step, autograph=False)
    return function.get_concrete_function(signature).graph
