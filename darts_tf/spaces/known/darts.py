"""The space of DARTS, the default."""

from darts_tf.convolutional.primitives import DARTS_PRIMITIVES
from darts_tf.space.search_space import convolutional_space
from darts_tf.spaces.named_space import NamedSpace

DARTS = NamedSpace(
    name="darts",
    source="DARTS, arXiv 1806.09055, section 3.1.1",
    primitives=DARTS_PRIMITIVES,
    make_space=convolutional_space,
    takes_primitives=True,
)
