"""Epochs that are trained one by one, since their numbers of steps differ."""

import keras


def fit_epoch(model, batches, epoch, epochs, callbacks, bar=True, **arguments):
    """Calls `fit` for one epoch, with a bar that counts all of them.

    Args:
        model: Compiled Keras model.
        batches: `tf.data.Dataset` of known length.
        epoch: The epoch, counted from 0.
        epochs: Number of all epochs.
        callbacks: List of callbacks.
        bar: Whether the bar is shown.
        **arguments: See `keras.Model.fit`.
    """
    if bar:
        # First, so that the bar ends before the line that sums the epoch up.
        callbacks = [keras.callbacks.ProgbarLogger(), *callbacks]
    model.fit(
        batches,
        initial_epoch=epoch,
        epochs=epoch + 1,
        shuffle=False,
        callbacks=keras.callbacks.CallbackList(
            callbacks,
            add_history=True,
            model=model,
            verbose=1,
            epochs=epochs,
            steps=len(batches),
        ),
        **arguments,
    )
