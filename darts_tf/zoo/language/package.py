"""The name under which Keras saves the classes of the zoo."""

# Keras finds a saved class by package and name; it has an `LSTMCell` of its own.
PACKAGE = "darts_tf.zoo"
