"""The search space as data: cells, and the cell that alpha stands for."""

from darts_tf.space.cell_space import CellSpace as CellSpace
from darts_tf.space.motif_space import MotifSpace as MotifSpace
from darts_tf.space.motif_space import motif_space as motif_space
from darts_tf.space.search_space import SearchSpace as SearchSpace
from darts_tf.space.search_space import convolutional_space as convolutional_space
from darts_tf.space.search_space import recurrent_space as recurrent_space
