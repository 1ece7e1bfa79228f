"""Searching: the Keras model, its optimizers, and whole runs."""
