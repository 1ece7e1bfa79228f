"""The search of convolutional cells on images."""
