"""Optimizers, averaged weights, loss scaling and schedules."""

from darts_tf.optimization.averaged_sgd import AveragedSGD as AveragedSGD
from darts_tf.optimization.loss_scale import LossScale as LossScale
from darts_tf.optimization.optimizers import CoupledAdam as CoupledAdam
from darts_tf.optimization.optimizers import MomentumSGD as MomentumSGD
