"""Models from files: Keras' own, and the authors' PyTorch checkpoints."""
