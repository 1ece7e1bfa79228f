"""The result of a search: cells of named operations, and the file they are in."""

from darts_tf.genotype.cell import Cell as Cell
from darts_tf.genotype.cell import Edge as Edge
from darts_tf.genotype.cells_genotype import CellsGenotype as CellsGenotype
from darts_tf.genotype.cells_genotype import genotype_of as genotype_of
from darts_tf.genotype.convolutional_genotype import Genotype as Genotype
from darts_tf.genotype.motifs_genotype import MotifsGenotype as MotifsGenotype
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype as RecurrentGenotype
from darts_tf.genotype.saved_genotype import SavedGenotype as SavedGenotype
