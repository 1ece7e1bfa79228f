"""The whole training of an evaluation network, and its evaluation alone."""

import dataclasses
import functools

import keras

from darts_tf.convolutional.evaluation_model import ImageTrainingModel
from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.network_cost import count_weights
from darts_tf.convolutional.skeleton import darts_skeleton
from darts_tf.distribution.interruption import EndWithoutFolder, interruption_callbacks
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_evaluation.data import (
    EvaluationData,
    ImageTrainingData,
)
from darts_tf.experiments.convolutional_evaluation.page import write_training_report
from darts_tf.experiments.convolutional_evaluation.recorder import ImageTrainingRecorder
from darts_tf.experiments.convolutional_evaluation.results import (
    CONFIG_FORMAT,
    columns_for,
    read_training_run,
)
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.optimization.optimizers import MomentumSGD
from darts_tf.plugins import import_modules
from darts_tf.runs.checkpoint import EpochCheckpoint
from darts_tf.runs.prepared_run import prepared_run
from darts_tf.runs.report_callback import ReportCallback
from darts_tf.runs.scores import Scores
from darts_tf.runs.stop_at_nan import StopAtNaN
from darts_tf.weights.registered_genotype import load_genotype
from darts_tf.weights.saved_network import assign_weights, load_network


def train(config, output):
    """Trains a network from scratch, or continues where that was cut off.

    Args:
        config: `ImageTrainingConfig`.
        output: Path of the run folder.

    Returns:
        Path of the run folder, with the networks and the report in it.

    Raises:
        UserError: If anything in the input or the surroundings stops the training;
            nothing has been overwritten then.
    """
    import_modules("primitive_modules", config.primitive_modules)
    genotype = load_genotype(Genotype, config.genotype)
    with prepared_run(
        config, output, CONFIG_FORMAT, ImageTrainingData, genotype, _check_replicas
    ) as run:
        with run.strategy.scope():
            model = make_model(config, genotype, run.data)
        with run.claimed():
            if run.workers.is_chief:
                run.write_config(count_weights(model.network))
            _fit(run, config, model)
            if run.workers.is_chief:
                run.folder.require_claim()
                write_training_report(run.folder.path)
    return run.folder.path


def _check_replicas(config, count):
    if count > 1 and config.accumulation_steps > 1:
        raise UserError(
            "--accumulation_steps is for one device; give --accumulation_steps=1, or "
            "--strategy=single."
        )


def evaluate(config):
    """Evaluates a trained network on the validation images; writes nothing.

    Args:
        config: `ImageTrainingConfig`, of which `weights`, the settings of the data and
            the batch size count.

    Returns:
        Dictionary of metrics by name, `loss` and `accuracy` and, for more than five
        classes, `top_5_accuracy`.

    Raises:
        UserError: If the network or the images cannot be had, or do not fit.
    """
    if config.weights is None:
        raise UserError(
            "--evaluate_only needs --weights: the folder of a training, a .keras file "
            "or a PyTorch checkpoint."
        )
    import_modules("primitive_modules", config.primitive_modules)
    network = load_network(config.weights, config.genotype, config.image_size)
    # The images are brought to size as in the training of such networks.
    data = EvaluationData(dataclasses.replace(config, stem=network.stem, cutout=False))
    found = (network.num_classes, network.stem_units[0].kernel.shape[-2])
    wanted = (len(data.class_names), data.image_shape[-1])
    if found != wanted:
        raise UserError(
            f"--weights={config.weights} is a network for {found[0]} classes and "
            f"images of {found[1]} channel(s), but --dataset={config.dataset} has "
            f"{wanted[0]} and {wanted[1]}."
        )
    model = ImageTrainingModel(network)
    model.compile(jit_compile=config.jit_compile)
    return model.evaluate(data.validation_batches(), return_dict=True)


def make_model(config, genotype, data):
    """Builds and compiles the `ImageTrainingModel` of a configuration.

    Args:
        config: `ImageTrainingConfig`.
        genotype: `Genotype`.
        data: `ImageTrainingData`.
    """
    check_image_size(config, data.image_shape)
    # Here, since libraries that load data draw from the same generators.
    keras.utils.set_random_seed(config.seed)
    network = EvaluationNetwork(
        genotype,
        num_classes=len(data.class_names),
        init_channels=config.init_channels,
        num_cells=config.layers,
        stem=config.stem,
        auxiliary=config.auxiliary,
        dtype=config.precision,
    )
    network.build((None, *data.image_shape))
    if config.weights:
        source = load_network(config.weights, config.genotype, data.image_shape[0])
        assign_weights(network, source)
    model = ImageTrainingModel(
        network,
        config.auxiliary_weight,
        config.label_smoothing,
        config.gradient_clip,
        config.accumulation_steps,
        config.sync_batch_norm,
    )
    model.compile(
        MomentumSGD(config.learning_rate, config.momentum, config.weight_decay),
        jit_compile=config.jit_compile,
    )
    return model


def check_image_size(config, image_shape):
    """Raises a `UserError` if the network halves images beyond their last pixel.

    Args:
        config: `ImageTrainingConfig`.
        image_shape: Height, width and channels.
    """
    skeleton = darts_skeleton(config.layers, config.init_channels, config.stem)
    halvings = skeleton.halvings(config.layers - 1)
    if min(image_shape[:2]) < 2**halvings:
        height, width, _ = image_shape
        raise UserError(
            f"Images of {height} x {width} pixels are too small: the network with "
            f"--layers={config.layers} and --stem={config.stem} halves them "
            f"{halvings} times; give --image_size={2**halvings} or more."
        )


def _fit(run, config, model):
    path, data, workers = run.folder.path, run.data, run.workers
    scores = Scores("val_accuracy", max)
    checkpoint = EpochCheckpoint(path / "checkpoints", model.state_variables, scores)
    table = checkpoint.resume(
        path,
        config.epochs,
        columns_for(len(data.class_names)),
        read_training_run,
        workers=workers,
    )
    epochs_done = len(table.rows)
    callbacks = [
        keras.callbacks.LearningRateScheduler(
            lambda epoch, _: config.learning_rate_at(epoch)
        ),
        keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, _: model.network.drop_path_rate.assign(
                config.drop_path_rate_at(epoch)
            )
        ),
        StopAtNaN(epochs_done * data.steps_per_epoch),
        *interruption_callbacks(workers, config.worker_timeout),
    ]
    if workers.is_chief:
        callbacks = [
            # First, so that the bar ends before the line that sums the epoch up.
            keras.callbacks.ProgbarLogger(),
            *callbacks,
            keras.callbacks.TensorBoard(
                path / "tensorboard",
                write_graph=False,
                # The first step is tracing and no example of the others.
                profile_batch=(2, 4) if config.profile else 0,
            ),
            EndWithoutFolder(run.folder),
            ImageTrainingRecorder(path, table, scores, checkpoint, config, data),
            ReportCallback(write_training_report, path),
        ]
    batches = functools.partial(data.training_batches, epochs_done)
    model.fit(
        workers.training_batches(batches),
        initial_epoch=epochs_done,
        epochs=config.epochs,
        steps_per_epoch=data.steps_per_epoch,
        shuffle=False,
        verbose="auto" if workers.is_chief else 0,
        callbacks=callbacks,
        **workers.validation(data.validation_batches),
    )
