"""Optimizers, averaged weights, loss scaling and schedules."""

from darts_tf.optimization.optimizers import CoupledAdam as CoupledAdam
from darts_tf.optimization.optimizers import MomentumSGD as MomentumSGD
