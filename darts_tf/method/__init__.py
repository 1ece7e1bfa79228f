"""The gradient-based search: the gradient of alpha, losses and the training step."""

from darts_tf.method.architecture import Architecture as Architecture
from darts_tf.method.decisions import Decisions as Decisions
from darts_tf.method.eigenvalue import Eigenvalue as Eigenvalue
from darts_tf.method.eigenvalue import lanczos as lanczos
from darts_tf.method.freezing import Freezing as Freezing
from darts_tf.method.history import SearchedEpoch as SearchedEpoch
from darts_tf.method.methods import DARTS as DARTS
from darts_tf.method.methods import SearchMethod as SearchMethod
from darts_tf.method.relaxations import Relaxation as Relaxation
from darts_tf.method.relaxations import Softmax as Softmax
from darts_tf.method.schedule import Schedule as Schedule
from darts_tf.method.schedule import Stage as Stage
from darts_tf.method.search.architecture_search import (
    ArchitectureSearch as ArchitectureSearch,
)
from darts_tf.method.slots import Edge as Edge
from darts_tf.method.slots import Parameter as Parameter
from darts_tf.method.slots import Perturbation as Perturbation
from darts_tf.method.slots import Progress as Progress
from darts_tf.method.slots import Selection as Selection
from darts_tf.method.slots import Term as Term
from darts_tf.method.stops import FirstOf as FirstOf
from darts_tf.method.stops import ManySkipConnections as ManySkipConnections
from darts_tf.method.stops import RisingEigenvalue as RisingEigenvalue
from darts_tf.method.stops import StableRanking as StableRanking
from darts_tf.method.stops import Stop as Stop
