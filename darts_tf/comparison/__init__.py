"""Finished runs beside the published tables, as papers print them."""

from darts_tf.comparison.config import ComparisonConfig as ComparisonConfig
from darts_tf.comparison.output import compare as compare
