"""Steps of a tiny search on several logical devices, in a process of their own.

TensorFlow fixes its devices with its first operation, so other tests cannot make them.
"""

import dataclasses
import functools
import json
import os
import sys

import keras
import numpy as np
import tensorflow as tf

from darts_tf.convolutional import EvaluationNetwork, SearchNetwork
from darts_tf.convolutional.edges import SkipDropout
from darts_tf.convolutional.evaluation_model import ImageTrainingModel
from darts_tf.convolutional.search_model import SearchModel
from darts_tf.distribution.cluster import make_strategy
from darts_tf.distribution.worker_share import examples_of_worker, share_of_batch
from darts_tf.distribution.workers import Workers
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.method.architecture_gradient import Gradients, Objective
from darts_tf.method.methods import DARTS
from darts_tf.method.search.architecture_search import VALID
from tests.trainers import trainer_process

BATCH_SIZE = 8
PRIMITIVES = ("none", "max_pool_3x3", "skip_connect", "sep_conv_3x3")


def start(module, output, cases):
    """Runs cases in a process of their own.

    Args:
        module: This module, or another that calls `main` with a `run` of its own.
        output: Folder for a file `<name>.npz` of each case.
        cases: Dictionary of the arguments of `run` by name.
    """
    result = trainer_process.run(module, output, json.dumps(cases))
    assert result.returncode == 0, result.stderr


def make_evaluation_model(sync_batch_norm, policy=None, noise=False):
    keras.utils.set_random_seed(1)
    second = "noise" if noise else "skip_connect"
    cell = Cell.from_lists([[("sep_conv_3x3", 0), (second, 1)]], [2])
    network = EvaluationNetwork(
        Genotype(cell, cell),
        num_classes=3,
        init_channels=2,
        num_cells=2,
        dtype=policy,
    )
    network.build((None, 6, 6, 3))
    network.drop_path_rate.assign(0.5)
    model = ImageTrainingModel(
        network, gradient_clip=0.5, sync_batch_norm=sync_batch_norm
    )
    model.compile()
    return model


def make_model(order, hessian, sync_batch_norm, policy=None, noise=False):
    keras.utils.set_random_seed(1)
    method, primitives = DARTS, PRIMITIVES
    if noise:
        method = dataclasses.replace(DARTS, edge=SkipDropout(0.5))
        primitives = ("noise", "skip_connect", "dil_conv_3x3")
    network = SearchNetwork(
        num_classes=3,
        init_channels=2,
        num_cells=1,
        num_nodes=1,
        primitives=primitives,
        reductions=[],
        method=method,
        dtype=policy,
    )
    network.build((None, 6, 6, 3))
    model = SearchModel(
        network, order, hessian, gradient_clip=0.5, sync_batch_norm=sync_batch_norm
    )
    model.compile()
    return model


def share(batches, input_context, drop_remainder):
    """Part of the examples that a worker reads, as the trainers' data have it."""
    examples = examples_of_worker(batches.unbatch(), BATCH_SIZE, input_context)
    return examples.batch(share_of_batch(BATCH_SIZE, input_context), drop_remainder)


def make_batches(steps, batch_size=BATCH_SIZE):
    random = np.random.default_rng(0)

    def half():
        images = random.normal(size=(steps, batch_size, 6, 6, 3))
        # Parts that differ in mean and size, or statistics of parts would be alike.
        images *= np.linspace(0.5, 2, batch_size)[:, None, None, None]
        return images, random.integers(0, 3, (steps, batch_size))

    return tf.data.Dataset.from_tensor_slices((half(), half()))


class MeanObjective(Objective):
    """Mean of the objectives of the parts of a batch: statistics of each part."""

    def __init__(self, parts):
        self.parts = parts

    def gradients(self, w, alpha):
        return self._mean(part.gradients(w, alpha) for part in self.parts)

    def w_gradients(self, w, alpha):
        return self._mean(part.w_gradients(w, alpha) for part in self.parts)

    def alpha_gradients(self, w, alpha):
        return self._mean(part.alpha_gradients(w, alpha) for part in self.parts)

    def mixed_product(self, w, alpha, v):
        products = [part.mixed_product(w, alpha, v) for part in self.parts]
        return tf.nest.map_structure(lambda *x: tf.add_n(x) / len(x), *products)

    def joined(self, outputs):
        """The network's output for the whole batch."""
        return tf.concat(outputs, 0)

    def _mean(self, results):
        losses, aux, w, alpha = zip(*results)
        outputs, statistics = zip(*aux)

        def mean(structures):
            return tf.nest.map_structure(lambda *x: sum(x) / len(x), *structures)

        aux = self.joined(outputs), mean(statistics)
        w, alpha = (None if x[0] is None else mean(x) for x in (w, alpha))
        return Gradients(mean(losses), aux, w, alpha)


def split_statistics(model, parts):
    """Makes a model on one device compute what `parts` replicas would."""
    on_batch = model.network_loss.on_batch
    model.network_loss.on_batch = lambda images, labels, _=None: MeanObjective(
        [
            on_batch(*part)
            for part in zip(tf.split(images, parts), tf.split(labels, parts))
        ]
    )


def _with_last_image(pair, value):
    (images, labels), valid = pair
    last = tf.fill(tf.shape(images[-1:]), tf.cast(value, images.dtype))
    return (tf.concat([images[:-1], last], 0), labels), valid


@functools.cache
def strategy(replicas):
    """A strategy of so many logical devices, always the same."""
    # A second one in a process would use the collectives of the first.
    if replicas == 1:
        return tf.distribute.get_strategy()
    return tf.distribute.MirroredStrategy([f"CPU:{i}" for i in range(replicas)])


def run(
    method,
    sync_batch_norm=True,
    replicas=1,
    parts=1,
    steps=3,
    first_step=0,
    policy=None,
    last_image=None,
    valid=0,
    counted=False,
    noise=False,
    eigenvalue=False,
    evaluated=False,
    distribution=None,
    callbacks=(),
):
    """Trains a model for some steps.

    Args:
        method: Order and kind of Hessian of a search, or `None` for a training.
        sync_batch_norm: See `SearchModel`.
        replicas: Number of devices.
        parts: Number of replicas that one device imitates.
        steps: Number of steps.
        first_step: Number of the first of them.
        policy: Of the network; default is float64.
        last_image: What the last image of the first training batch is filled with, or
            `None` for another image.
        valid: Number of images that are evaluated after each step.
        counted: Whether the result holds the number of `functions`, too.
        noise: Whether edges draw noise, and drop what skip connections pass.
        eigenvalue: Whether it holds the eigenvalue of the first validation batch.
        evaluated: Whether it holds the logits of that batch by the moving statistics,
            with all that is drawn in a step.
        distribution: The strategy, if not one of `replicas` devices of this process.
        callbacks: Callbacks of `fit`.

    Returns:
        Dictionary of every number that the steps computed or moved.
    """
    set_floatx("float32" if policy else "float64")
    distribution = distribution or strategy(replicas)
    with distribution.scope():
        if method:
            model = make_model(*method, sync_batch_norm, policy, noise)
        else:
            model = make_evaluation_model(sync_batch_norm, policy, noise)
    if parts > 1:
        split_statistics(model, parts)

    def training_batches(input_context):
        batches = make_batches(max(first_step + steps, 1))
        if last_image is not None:
            first = batches.take(1)
            first = first.map(lambda *pair: _with_last_image(pair, last_image))
            batches = first.concatenate(batches.skip(1))
        batches = batches.skip(first_step)
        if not method:
            batches = batches.map(lambda train, valid: train)
        return share(batches, input_context, drop_remainder=True).repeat()

    def validation_batches(input_context):
        images = make_batches(1, valid).map(lambda train, valid: train)
        return share(images, input_context, drop_remainder=False)

    workers = Workers(distribution)
    history = model.fit(
        workers.training_batches(training_batches),
        steps_per_epoch=1,
        epochs=steps,
        verbose=0,
        shuffle=False,
        callbacks=list(callbacks),
        **(workers.validation(validation_batches) if valid else {}),
    ).history
    found = numbers(model, history)
    if counted:
        part = make_batches(1, BATCH_SIZE // replicas).element_spec
        found["functions"] = count_functions(model, part)
    if eigenvalue:
        ((_, batch),) = make_batches(1)
        found["eigenvalue"] = np.array(model.eigenvalue(batch, tolerance=1e-9))
    if evaluated:
        ((_, batch),) = make_batches(1)
        found["logits"] = evaluated_logits(model, batch)
    return found


def evaluated_logits(model, batch):
    """The logits of a batch, each image of which is by itself, on all replicas."""

    def on_replica(batch):
        part = [model.replicas.part(x) for x in batch]
        objective = model.network_loss.on_batch(*part, model._drawn(VALID))
        w, alpha = model._values()
        passes, coefficients = objective.of_coefficients, objective.relax(alpha)
        logits, _ = passes.alpha_gradients(w, coefficients, training=False).aux
        return logits

    strategy = model.replicas.strategy
    parts = tf.function(lambda: strategy.run(on_replica, (batch,)), autograph=False)()
    return np.concatenate(strategy.experimental_local_results(parts))


def count_functions(model, batch):
    """Number of functions in the graph of a step, of a batch of such tensors."""
    step = functools.partial(model.replicas.run, model.train_step)
    graph = tf.function(step, autograph=False).get_concrete_function(batch).graph
    return len(graph.as_graph_def().library.function)


def numbers(model, history):
    """All that steps moved or computed, by name; the replicas have the same bits."""
    variables = [*model.network.variables, *model.optimizer.variables]
    if hasattr(model, "architecture_optimizer"):
        variables += model.architecture_optimizer.variables
    if getattr(model, "loss_scale", None):
        variables += model.loss_scale.variables
    copies = [
        [copy.numpy() for copy in getattr(v.value, "values", [v.value])]
        for v in variables
    ]
    assert all(np.array_equal(c, v[0]) for v in copies for c in v)
    named = {f"variable {i}": v[0] for i, v in enumerate(copies)}
    return named | {name: np.array(values) for name, values in history.items()}


def largest_error(actual, expected):
    """The largest error relative to the largest element of its array."""
    assert actual.keys() == expected.keys()
    errors = {
        key: np.abs(actual[key] - expected[key]).max() / np.abs(expected[key]).max()
        for key in expected
        if np.any(actual[key] != expected[key])
    }
    return max(errors.values(), default=0.0)


def set_floatx(name):
    keras.config.set_floatx(name)
    keras.config.set_dtype_policy(name)


def main(run, output, cases):
    """Saves what each case computes; `run` is that of the module of `start`."""
    _prepare(devices=4)
    for name, case in json.loads(cases).items():
        np.savez(f"{output}/{name}.npz", **run(**case))


def run_as_worker(tf_config, output, devices, cases, callbacks=(), run=run):
    """As `main`, in a process that is one of several workers.

    Args:
        tf_config: Value of TF_CONFIG.
        output: Folder for the files `<name>.npz` and `stderr`, another one for each
            worker.
        devices: Number of devices of a worker.
        cases: Dictionary of the arguments of `run` by name.
        callbacks: Callbacks of `fit`.
        run: Of this module, or of another one.
    """
    os.dup2(os.open(f"{output}/stderr", os.O_WRONLY | os.O_CREAT), 2)
    os.environ["TF_CONFIG"] = tf_config
    _prepare(devices)
    distribution = make_strategy(devices)
    with Workers(distribution).together():
        for name, case in cases.items():
            np.savez(
                f"{output}/{name}.npz",
                **run(**case, distribution=distribution, callbacks=callbacks),
            )


def _prepare(devices):
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0],
        [tf.config.LogicalDeviceConfiguration()] * devices,
    )
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    set_floatx("float64")


if __name__ == "__main__":
    main(run, *sys.argv[1:])
