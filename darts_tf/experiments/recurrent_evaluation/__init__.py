"""The training of a language model on a text."""
