"""What the runs on images, searches and trainings, have in common."""

import keras

from darts_tf.runs.experiment import Experiment


class ImageExperiment(Experiment):
    """A run all epochs of which are one `fit`, on the batches of an `ImageData`.

    Its settings say the learning rate of each epoch, in `learning_rate_at`.
    """

    def callbacks(self) -> list[keras.callbacks.Callback]:
        return [
            keras.callbacks.LearningRateScheduler(
                lambda epoch, _: self.config.learning_rate_at(epoch)
            )
        ]

    def fit(self, first_epoch, callbacks):
        self.fit_epochs(
            self.data.training_batches,
            self.data.validation_batches,
            first_epoch,
            callbacks,
        )
