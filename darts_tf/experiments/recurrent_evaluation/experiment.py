"""The whole training of a language model, and its evaluation alone."""

import json
from pathlib import Path

import keras

from darts_tf.atomic_file import write_atomically
from darts_tf.data.text import vocabulary_file
from darts_tf.distribution.interruption import EndWithoutFolder, interruption_callbacks
from darts_tf.errors import UserError
from darts_tf.experiments.recurrent_evaluation.data import LanguageData
from darts_tf.experiments.recurrent_evaluation.page import write_language_report
from darts_tf.experiments.recurrent_evaluation.recorder import LanguageRecorder
from darts_tf.experiments.recurrent_evaluation.results import (
    COLUMNS,
    CONFIG_FORMAT,
    RESULTS_FILE,
    read_language_run,
)
from darts_tf.experiments.recurrent_evaluation.results import (
    read_results as read_results,
)
from darts_tf.experiments.recurrent_evaluation.validation import LanguageValidation
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.optimization.averaged_sgd import AveragedSGD
from darts_tf.plugins import import_modules
from darts_tf.recurrent import EvaluationCell, LanguageModel
from darts_tf.recurrent.evaluation_model import LanguageTrainingModel
from darts_tf.recurrent.text_evaluation import TextEvaluation, perplexity
from darts_tf.runs.checkpoint import EpochCheckpoint
from darts_tf.runs.fit_epoch import fit_epoch
from darts_tf.runs.prepared_run import prepared_run
from darts_tf.runs.report_callback import ReportCallback
from darts_tf.runs.scores import Scores
from darts_tf.runs.stop_at_nan import NotFiniteError, StopAtNaN
from darts_tf.weights import saved_language_model
from darts_tf.weights.registered_genotype import load_genotype

_MOST_FAILURES = 3


def train(config, output):
    """Trains a language model from scratch, or continues where that was cut off.

    Args:
        config: `LanguageConfig`.
        output: Path of the run folder.

    Returns:
        Path of the run folder, with the models, the results and the report in it.

    Raises:
        UserError: If anything in the input or the surroundings stops the training;
            nothing has been overwritten then.
    """
    import_modules("activation_modules", config.activation_modules)
    if config.weights:
        raise UserError("--weights needs --evaluate_only; a training begins anew.")
    genotype = load_genotype(RecurrentGenotype, config.genotype)
    with prepared_run(config, output, CONFIG_FORMAT, LanguageData, genotype) as run:
        with run.strategy.scope():
            model = make_model(config, genotype, run.data)
        with run.claimed():
            if run.workers.is_chief:
                run.write_config(model.network.count_params())
                vocabulary = run.data.corpus.vocabulary
                vocabulary_file.keep_vocabulary(run.folder.path, vocabulary)
            scores = _fit(run, config, model)
            if run.workers.is_chief:
                _write_results(run, config, scores)
                run.folder.require_claim()
                write_language_report(run.folder.path)
    return run.folder.path


def evaluate(config):
    """Evaluates a trained language model; writes nothing.

    Args:
        config: `LanguageConfig`, of which `weights` and the settings of the data count.

    Returns:
        Tuple of the perplexity of the validation text and that of the test text.

    Raises:
        UserError: If the model or the text cannot be had, or do not fit.
    """
    import_modules("activation_modules", config.activation_modules)
    if config.weights is None:
        raise UserError(
            "--evaluate_only needs --weights: the folder of a training, a .keras file "
            "or a PyTorch checkpoint."
        )
    network = saved_language_model.load_language_model(config.weights, config.genotype)
    data = LanguageData(config)
    source = f"--weights={config.weights}"
    data.check_vocabulary(network.vocabulary_size, source)
    if Path(config.weights).is_dir():
        vocabulary = vocabulary_file.read_vocabulary(config.weights)
        data.check_vocabulary(vocabulary.words, source)
    evaluation = TextEvaluation(network, config.sequence_length)
    losses = data.valid_loss(evaluation), data.test_loss(evaluation)
    return tuple(perplexity(loss) for loss in losses)


def make_model(config, genotype, data):
    """Builds and compiles the `LanguageTrainingModel` of a configuration.

    Args:
        config: `LanguageConfig`.
        genotype: `RecurrentGenotype`.
        data: `LanguageData`.
    """
    keras.utils.set_random_seed(config.seed)
    network = LanguageModel(
        data.vocabulary_size,
        EvaluationCell(config.hidden_size, genotype),
        config.dropout,
        config.seed,
    )
    network.build()
    model = LanguageTrainingModel(
        network, config.batch_size, config.gradient_clip, config.slowness, config.seed
    )
    model.compile(AveragedSGD(config.learning_rate, config.weight_decay))
    return model


def _fit(run, config, model):
    """Trains on all workers; returns the `Scores` of the epochs."""
    path, data, workers = run.folder.path, run.data, run.workers
    scores = Scores("val_loss", min)
    variables = [*model.network.variables, *model.optimizer.variables]
    checkpoint = EpochCheckpoint(
        path / "checkpoints", [*variables, model.recoveries], scores
    )
    best_checkpoint = EpochCheckpoint(path / "checkpoints" / "best", variables)
    table = checkpoint.resume(
        path, config.epochs, COLUMNS, read_language_run, [best_checkpoint], workers
    )
    epochs_done = len(table.rows)
    callbacks = [
        *interruption_callbacks(workers, config.worker_timeout),
        LanguageValidation(workers, scores, config, data, model.network),
    ]
    if workers.is_chief:
        callbacks += [
            EndWithoutFolder(run.folder),
            LanguageRecorder(path, table, scores, checkpoint, best_checkpoint, config),
            ReportCallback(write_language_report, path),
        ]
    failures = 0
    while epochs_done < config.epochs:
        try:
            fit_epoch(
                model,
                data.training_batches(epochs_done),
                epochs_done,
                config.epochs,
                [StopAtNaN(int(model.optimizer.iterations.numpy())), *callbacks],
                bar=workers.is_chief,
            )
        except NotFiniteError:
            failures += 1
            if failures == _MOST_FAILURES:
                raise
            epoch = best_checkpoint.restore(workers)
            model.recoveries.assign_add(1)
            if workers.is_chief:
                print(
                    f"\nA loss is no number in epoch {epochs_done + 1}, which begins "
                    f"again with the weights after epoch {epoch}, the best.",
                    flush=True,
                )
        else:
            failures = 0
            epochs_done += 1
    return scores


def _write_results(run, config, scores):
    """Writes the perplexity of the test text under the best weights."""
    path = run.folder.path
    if (path / RESULTS_FILE).exists():
        return
    best_epoch, best_loss = scores.best_epoch()
    network = saved_language_model.load_language_model(path)
    evaluation = TextEvaluation(network, config.sequence_length)
    results = {
        "best_epoch": best_epoch,
        "val_perplexity": perplexity(best_loss),
        "test_perplexity": perplexity(run.data.test_loss(evaluation)),
    }
    run.folder.require_claim()
    write_atomically(path / RESULTS_FILE, json.dumps(results, indent=2) + "\n")
