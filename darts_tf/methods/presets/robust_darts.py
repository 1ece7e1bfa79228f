"""RobustDARTS: the search ends before the Hessian's largest eigenvalue rises.

This is DARTS-ES, whose genotype is that of an earlier epoch.
"""

from darts_tf.methods.preset import Preset

PRESET = Preset(
    "robust_darts", "arXiv 1909.09656", {"order": "second", "eigenvalue": "stop"}
)
