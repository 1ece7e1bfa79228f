"""What every search writes while it runs, whatever its space."""

import io
import time

import keras
import numpy as np
import tensorflow as tf

from darts_tf import report
from darts_tf.atomic_file import write_atomically
from darts_tf.genotype.convolutional_genotype import BEST_GENOTYPE_FILE
from darts_tf.runs.provenance import peak_memory_gb
from darts_tf.space.coefficients import entropy, softmax


class ArchitectureRecorder(keras.callbacks.Callback):
    """Writes genotypes, metrics, pictures, logs and a checkpoint.

    The checkpoint comes after everything that it stands for, so that a run cut off
    at any moment repeats an epoch rather than losing a part of one. The space of the
    model's network says which cells there are; a subclass words the line of an epoch.

    Args:
        folder: Path of the run.
        table: `MetricsTable` of the epochs before.
        scores: Their `Scores`.
        checkpoint: `EpochCheckpoint`, which holds the scores.
        epochs: Number of all epochs.
    """

    def __init__(self, folder, table, scores, checkpoint, epochs):
        super().__init__()
        self.folder, self.table, self.scores = folder, table, scores
        self.checkpoint, self.epochs = checkpoint, epochs
        self.writer = tf.summary.create_file_writer(str(folder / "tensorboard"))

    def summary(self, row):
        """Says the losses of an epoch in words."""
        raise NotImplementedError

    def on_epoch_begin(self, epoch, logs=None):
        self._start = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        epoch += 1
        network = self.model.network
        values = [alpha.numpy() for alpha in network.alphas]
        alphas = dict(zip(network.space.kinds, values, strict=True))
        genotype = network.space.derive(alphas)
        self.table.append(self._row(epoch, logs, alphas, genotype))
        self.scores.append(logs[self.scores.column])
        self._write_architecture(epoch, alphas, genotype)
        self._write_tensorboard(epoch, alphas, genotype)
        self.checkpoint.save(epoch)
        row = self.table.rows[-1]
        print(
            f"epoch {epoch}/{self.epochs}: {self.summary(row)}; "
            f"{row['seconds']:.0f} s, {row['peak_memory_gb']:.1f} GB",
            flush=True,
        )

    def _row(self, epoch, logs, alphas, genotype):
        optimizer = self.model.optimizer
        return {
            **logs,
            "epoch": epoch,
            "step": int(optimizer.iterations.numpy()),
            "learning_rate": float(optimizer.learning_rate.numpy()),
            "seconds": time.monotonic() - self._start,
            "peak_memory_gb": peak_memory_gb(),
            **{f"entropy_{kind}": entropy(alpha) for kind, alpha in alphas.items()},
            **{
                f"skip_connect_{kind}": cell.count("skip_connect")
                for kind, cell in genotype.cells.items()
            },
        }

    def _write_architecture(self, epoch, alphas, genotype):
        content = io.BytesIO()
        np.savez(content, **alphas)
        write_atomically(
            self.folder / "alphas" / f"epoch_{epoch:03d}.npz", content.getvalue()
        )
        text = genotype.to_json() + "\n"
        names = [f"genotypes/epoch_{epoch:03d}.json", "genotype_latest.json"]
        roles = ["latest"]
        if self.scores.best_epoch()[0] == epoch:
            names.append(BEST_GENOTYPE_FILE)
            roles.append("best")
        for name in names:
            write_atomically(self.folder / name, text)
        for role in roles:
            for kind, cell in genotype.cells.items():
                title = f"{kind} cell, {role} (epoch {epoch})"
                path = self.folder / "cells" / f"{role}_{kind}"
                report.save_cell(cell, title, path, kind)

    def _write_tensorboard(self, epoch, alphas, genotype):
        space = self.model.network.space
        with self.writer.as_default(step=epoch):
            for name, value in self.table.rows[-1].items():
                tf.summary.scalar(name, float(value))
            for kind, cell in genotype.cells.items():
                alpha, of_kind, title = alphas[kind], space.of(kind), f"{kind} cell"
                for edge, row in enumerate(softmax(alpha)):
                    for primitive, value in zip(of_kind.operations_of(edge), row):
                        name = f"softmax_alpha_{kind}/edge_{edge:02d}/{primitive}"
                        tf.summary.scalar(name, value)
                figures = {
                    "alpha": report.alpha_heat_map(alpha, of_kind, title),
                    "cell": report.draw_cell(cell, title, kind),
                }
                for name, figure in figures.items():
                    image = tf.io.decode_png(report.figure_to_png(figure), channels=3)
                    tf.summary.image(f"{name}_{kind}", image[None])
        self.writer.flush()
