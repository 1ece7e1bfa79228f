"""The convolutional search space: primitives, cells and networks."""

from darts_tf.convolutional.evaluation_model import (
    ImageTrainingModel as ImageTrainingModel,
)
from darts_tf.convolutional.evaluation_network import (
    EvaluationNetwork as EvaluationNetwork,
)
from darts_tf.convolutional.mixed_op import MixedOp as MixedOp
from darts_tf.convolutional.packing import Kernel as Kernel
from darts_tf.convolutional.primitives import (
    DARTS_PRIMITIVES as DARTS_PRIMITIVES,
)
from darts_tf.convolutional.primitives import Primitive as Primitive
from darts_tf.convolutional.primitives import (
    register_primitive as register_primitive,
)
from darts_tf.convolutional.search_cell import SearchCell as SearchCell
from darts_tf.convolutional.search_model import SearchModel as SearchModel
from darts_tf.convolutional.search_network import SearchNetwork as SearchNetwork
from darts_tf.convolutional.skeleton import Skeleton as Skeleton
