"""A whole convolutional search: from images to a genotype and a report."""

import functools

import keras
import numpy as np

from darts_tf.checksum import checksum
from darts_tf.convolutional.search_model import SearchModel
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.data.images import augmentation, batches, image_dataset
from darts_tf.distribution.interruption import EndWithoutFolder, interruption_callbacks
from darts_tf.distribution.worker_share import shares_of_step
from darts_tf.experiments.convolutional_search import results
from darts_tf.experiments.convolutional_search.page import write_search_report
from darts_tf.experiments.convolutional_search.recorder import SearchRecorder
from darts_tf.experiments.convolutional_search.results import COLUMNS, CONFIG_FORMAT
from darts_tf.optimization.optimizers import CoupledAdam, MomentumSGD
from darts_tf.runs.checkpoint import EpochCheckpoint
from darts_tf.runs.prepared_run import prepared_run
from darts_tf.runs.profiler import profiler
from darts_tf.runs.report_callback import ReportCallback
from darts_tf.runs.scores import Scores
from darts_tf.runs.stop_at_nan import StopAtNaN


def search(config, output):
    """Runs a search, or continues it where it was cut off.

    Args:
        config: `SearchConfig`.
        output: Path of the run folder.

    Returns:
        Path of the run folder, with the genotypes and the report in it.

    Raises:
        UserError: If anything in the input or the surroundings stops the search;
            nothing has been overwritten then.
    """
    config.check_primitives()
    with (
        prepared_run(config, output, CONFIG_FORMAT, SearchData) as run,
        run.claimed(),
    ):
        with run.strategy.scope():
            model = make_model(config, run.data)
        if run.workers.is_chief:
            num_weights = sum(int(np.prod(v.shape)) for v in model.network.weights_w)
            run.write_config(num_weights)
        _fit(run, config, model)
        if run.workers.is_chief:
            run.folder.require_claim()
            write_search_report(run.folder.path)
    return run.folder.path


class SearchData:
    """Both halves of the images of a search, and how they become batches.

    Args:
        config: `SearchConfig`.
    """

    def __init__(self, config):
        dataset = image_dataset.load_images(
            config.dataset, config.data_dir, config.image_size
        )
        self.config, self.name = config, dataset.name
        self.class_names = dataset.class_names
        self.mean, self.std = image_dataset.channel_statistics(dataset)
        self.train, self.valid = image_dataset.split_images(
            dataset, config.train_portion, config.seed
        )
        batches.check_batch_size(self.train, self.valid, config.batch_size)
        self.image_shape = dataset.images.shape[1:]
        self.steps_per_epoch = (
            config.steps_per_epoch or len(self.train.images) // config.batch_size
        )

    def search_batches(self, first_epoch, input_context=None):
        """Pairs of batches from `first_epoch`, counted from 0, to the end."""
        config, size = self.config, min(self.image_shape[:2])
        padding, flip = config.crop_padding, config.flip
        augment = augmentation.Augmentation(
            crop_padding=size // 8 if padding is None else padding,
            flip=self.name != "digits" if flip is None else flip,
            cutout=config.cutout_length if config.cutout else 0,
            mean=self.mean,
            std=self.std,
        )
        return batches.search_batches(
            self.train,
            self.valid,
            config.batch_size,
            augment,
            config.seed,
            first_epoch * self.steps_per_epoch,
            config.epochs * self.steps_per_epoch,
            input_context,
        )

    def validation_batches(self, input_context=None):
        """The validation half without augmentation, as far as it is evaluated."""
        config = self.config
        dataset = batches.evaluation_batches(
            self.valid, config.batch_size, self.mean, self.std, input_context
        )
        steps = config.validation_steps or config.steps_per_epoch
        return dataset.take(steps * shares_of_step(input_context)) if steps else dataset

    def fingerprint(self):
        """What tells these data from others."""
        halves = (self.train, self.valid)
        arrays = [array for half in halves for array in (half.images, half.labels)]
        return self._contents() | {"checksum of the images": checksum(arrays)}

    def description(self):
        """What the report says about the data."""
        return self._contents() | {"mean": list(self.mean), "std": list(self.std)}

    def _contents(self):
        """What does not depend on the rounding of a processor."""
        return {
            "name": self.name,
            "num_train": len(self.train.images),
            "num_valid": len(self.valid.images),
            "image_shape": list(self.image_shape),
            "class_names": list(self.class_names),
        }


def make_model(config, data):
    """Builds and compiles the `SearchModel` of a configuration."""
    # Here, since libraries that load data draw from the same generators.
    keras.utils.set_random_seed(config.seed)
    network = SearchNetwork(
        num_classes=len(data.class_names),
        init_channels=config.init_channels,
        num_cells=config.layers,
        num_nodes=config.nodes,
        primitives=config.primitives,
        recompute=config.recompute,
        dtype=config.precision,
    )
    network.build((None, *data.image_shape))
    model = SearchModel(
        network,
        config.order,
        config.hessian,
        config.gradient_clip,
        config.sync_batch_norm,
    )
    model.compile(
        optimizer=MomentumSGD(
            config.learning_rate, config.momentum, config.weight_decay
        ),
        architecture_optimizer=CoupledAdam(
            config.arch_learning_rate, coupled_weight_decay=config.arch_weight_decay
        ),
        jit_compile=config.jit_compile,
    )
    return model


def _fit(run, config, model):
    path, data, workers = run.folder.path, run.data, run.workers
    scores = Scores("val_accuracy", max)
    checkpoint = EpochCheckpoint(path / "checkpoints", model.state_variables, scores)
    table = checkpoint.resume(
        path, config.epochs, COLUMNS, results.read_run, workers=workers
    )
    epochs_done, steps = len(table.rows), data.steps_per_epoch
    callbacks = [
        keras.callbacks.LearningRateScheduler(
            lambda epoch, _: config.learning_rate_at(epoch)
        ),
        StopAtNaN(epochs_done * steps, ("loss", "arch_loss")),
        *interruption_callbacks(workers, config.worker_timeout),
    ]
    if workers.is_chief:
        callbacks = [
            # First, so that the bar ends before the line that sums the epoch up.
            keras.callbacks.ProgbarLogger(),
            *callbacks,
            EndWithoutFolder(run.folder),
            SearchRecorder(path, table, scores, checkpoint, config.epochs),
            ReportCallback(write_search_report, path),
            *([profiler(path)] if config.profile else []),
        ]
    model.fit(
        workers.training_batches(functools.partial(data.search_batches, epochs_done)),
        initial_epoch=epochs_done,
        epochs=config.epochs,
        steps_per_epoch=steps,
        shuffle=False,
        verbose="auto" if workers.is_chief else 0,
        callbacks=callbacks,
        **workers.validation(data.validation_batches),
    )
