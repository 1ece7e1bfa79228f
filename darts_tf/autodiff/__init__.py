"""Tools on TensorFlow's graphs: dual numbers, traced and recomputed functions."""
