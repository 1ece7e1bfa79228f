"""Keras models as files of other runtimes, and how long these take for them."""
