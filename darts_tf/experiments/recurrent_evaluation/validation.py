"""The validation of a language model after each epoch, and what follows from it."""

import math

import keras

from darts_tf.distribution.workers import Workers
from darts_tf.experiments.recurrent_evaluation.config import LanguageConfig
from darts_tf.experiments.recurrent_evaluation.data import LanguageData
from darts_tf.optimization.averaged_sgd import has_stopped_improving
from darts_tf.recurrent.language_network import LanguageNetwork
from darts_tf.recurrent.text_evaluation import TextEvaluation
from darts_tf.runs.scores import Scores
from darts_tf.runs.stop_at_nan import NotFiniteError


class LanguageValidation(keras.callbacks.Callback):
    """Adds the validation loss to the logs; when it has got worse, averaging begins.

    Evaluated are the averaged weights, once there are any. The chief evaluates: where
    all workers decide by the same number, they decide the same.

    Args:
        workers: `Workers`.
        scores: `Scores`, the validation losses of the epochs before.
        config: `LanguageConfig`.
        data: `LanguageData`.
        network: The `LanguageNetwork` that is trained.
    """

    def __init__(
        self,
        workers: Workers,
        scores: Scores,
        config: LanguageConfig,
        data: LanguageData,
        network: LanguageNetwork,
    ):
        super().__init__()
        self.workers, self.scores, self.data = workers, scores, data
        self.patience = config.averaging_patience
        self.evaluation = TextEvaluation(network, config.sequence_length)

    def on_epoch_end(self, epoch, logs=None):
        loss = self.workers.of_chief(self._loss)
        if not math.isfinite(loss):
            raise NotFiniteError(
                f"The validation loss is {loss} after epoch {epoch + 1}. Try a smaller "
                "`learning_rate` or `gradient_clip`, in a new `output`."
            )
        self.scores.append(loss)
        if has_stopped_improving(self.scores.values, self.patience):
            self.model.optimizer.start_averaging()
        logs["val_loss"] = loss

    def _loss(self) -> float:
        with self.model.optimizer.averaged_weights():
            return self.data.valid_loss(self.evaluation)
