"""Pure functions from which primitives are made; images are NHWC throughout."""
