"""Models from files: Keras' own, and the authors' PyTorch checkpoints."""

from darts_tf.keras_file import load_model as load_model
from darts_tf.keras_file import save_model as save_model
from darts_tf.weights.import_weights import ImportConfig as ImportConfig
from darts_tf.weights.saved_language_model import (
    load_language_model as load_language_model,
)
from darts_tf.weights.saved_network import load_network as load_network
