"""Devices, machines and processes that run one computation together."""

from darts_tf.distribution.distributed_model import DistributedModel as DistributedModel
from darts_tf.distribution.interruption import LostWorkerError as LostWorkerError
from darts_tf.distribution.interruption import TerminatedError as TerminatedError
from darts_tf.distribution.workers import Workers as Workers
