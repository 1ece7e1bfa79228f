"""What a search writes while it runs."""

import io
import time

import keras
import numpy as np
import tensorflow as tf

from darts_tf import derivation, report
from darts_tf.atomic_file import write_atomically
from darts_tf.genotype import BEST_GENOTYPE_FILE
from darts_tf.training.metrics_table import MetricsTable
from darts_tf.training.runtime import peak_memory_gb

_KINDS = ("normal", "reduce")


class SearchRecorder(keras.callbacks.Callback):
    """Writes genotypes, metrics, pictures, logs, a checkpoint and the report.

    The checkpoint comes after everything that it stands for, so that a run cut off
    at any moment repeats an epoch rather than losing a part of one.

    Args:
        folder: Path of the run.
        checkpoint: `EpochCheckpoint`.
        epochs_done: Number of epochs done before.
        epochs: Number of all epochs.
        steps_per_epoch: Integer.
    """

    def __init__(self, folder, checkpoint, epochs_done, epochs, steps_per_epoch):
        super().__init__()
        self.folder, self.checkpoint = folder, checkpoint
        self.epochs, self.steps_per_epoch = epochs, steps_per_epoch
        self.table = MetricsTable(folder / "metrics.csv", epochs_done)
        self.writer = tf.summary.create_file_writer(str(folder / "tensorboard"))

    def on_epoch_begin(self, epoch, logs=None):
        self._start = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        epoch += 1
        network = self.model.network
        alphas = {kind: a.numpy() for kind, a in zip(_KINDS, network.alphas)}
        genotype = network.genotype()
        self.table.append(self._row(epoch, logs, alphas, genotype))
        self._write_architecture(epoch, alphas, genotype)
        self._write_tensorboard(epoch, alphas, genotype)
        self.checkpoint.save(epoch)
        report.write_search_report(self.folder)
        print(self._summary(epoch), flush=True)

    def _row(self, epoch, logs, alphas, genotype):
        row = {
            **logs,
            "epoch": epoch,
            "step": epoch * self.steps_per_epoch,
            "learning_rate": float(self.model.optimizer.learning_rate),
            "seconds": time.monotonic() - self._start,
            "peak_memory_gb": peak_memory_gb(),
        }
        for kind in _KINDS:
            row[f"entropy_{kind}"] = derivation.entropy(alphas[kind])
            row[f"skip_connect_{kind}"] = derivation.count_primitive(
                getattr(genotype, kind), "skip_connect"
            )
        return row

    def _write_architecture(self, epoch, alphas, genotype):
        content = io.BytesIO()
        np.savez(content, **alphas)
        write_atomically(
            self.folder / "alphas" / f"epoch_{epoch:03d}.npz", content.getvalue()
        )
        text = genotype.to_json() + "\n"
        names = [f"genotypes/epoch_{epoch:03d}.json", "genotype_latest.json"]
        roles = ["latest"]
        if self.table.best_epoch()[0] == epoch:
            names.append(BEST_GENOTYPE_FILE)
            roles.append("best")
        for name in names:
            write_atomically(self.folder / name, text)
        for role in roles:
            for kind in _KINDS:
                title = f"{kind} cell, {role} (epoch {epoch})"
                stem = self.folder / "cells" / f"{role}_{kind}"
                report.save_cell(getattr(genotype, kind), title, stem)

    def _write_tensorboard(self, epoch, alphas, genotype):
        primitives = self.model.network.primitives
        with self.writer.as_default(step=epoch):
            for name, value in self.table.rows[-1].items():
                tf.summary.scalar(name, float(value))
            for kind, alpha in alphas.items():
                for edge, row in enumerate(derivation.softmax(alpha)):
                    for primitive, value in zip(primitives, row):
                        name = f"softmax_alpha_{kind}/edge_{edge:02d}/{primitive}"
                        tf.summary.scalar(name, value)
                cell = getattr(genotype, kind)
                figures = {
                    "alpha": report.alpha_heat_map(alpha, primitives, f"{kind} cell"),
                    "cell": report.draw_cell(cell, f"{kind} cell"),
                }
                for name, figure in figures.items():
                    image = tf.io.decode_png(report.figure_to_png(figure), channels=3)
                    tf.summary.image(f"{name}_{kind}", image[None])
        self.writer.flush()

    def _summary(self, epoch):
        row = self.table.rows[-1]
        best_epoch, best = self.table.best_epoch()
        return (
            f"epoch {epoch}/{self.epochs}: loss {row['loss']:.4f}, "
            f"accuracy {row['accuracy']:.4f}; "
            f"validation loss {row['val_loss']:.4f}, accuracy "
            f"{row['val_accuracy']:.4f} (best {best:.4f} in epoch {best_epoch}); "
            f"{row['seconds']:.0f} s, {row['peak_memory_gb']:.1f} GB"
        )
