"""Search spaces for images by name: cells, the network of them, and its settings."""

from darts_tf.spaces.cell_table import CellTable as CellTable
from darts_tf.spaces.named_space import NamedSpace as NamedSpace
from darts_tf.spaces.registry import get_space as get_space
from darts_tf.spaces.registry import register_space as register_space
from darts_tf.spaces.registry import space_names as space_names
