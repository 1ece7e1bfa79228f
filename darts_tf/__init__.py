"""Differentiable architecture search in Keras (arXiv 1806.09055)."""

from darts_tf.genotype.convolutional_genotype import Genotype as Genotype
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype as RecurrentGenotype

__version__ = "0.1.0"
