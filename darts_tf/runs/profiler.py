"""Profiles of a few steps, for TensorBoard."""

import keras


def profiler(run):
    """A callback that profiles steps 2 to 4 after the start.

    The first step is tracing and no example of the others.

    Args:
        run: Path of the run.
    """
    return keras.callbacks.TensorBoard(
        run / "tensorboard", write_graph=False, profile_batch=(2, 4)
    )
