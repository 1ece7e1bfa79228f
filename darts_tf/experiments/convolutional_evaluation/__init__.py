"""The training of an evaluation network on images."""
