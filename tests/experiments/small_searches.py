"""A search that takes a second beside its tracing."""

from darts_tf.experiments.convolutional_search.config import SearchConfig

SMALL = SearchConfig(
    dataset="digits",
    order="first",
    eigenvalue="off",
    intra_op_threads=1,
    layers=1,
    init_channels=2,
    nodes=1,
    batch_size=16,
    steps_per_epoch=2,
    validation_steps=1,
    epochs=2,
    primitives=("none", "skip_connect", "sep_conv_3x3"),
)
