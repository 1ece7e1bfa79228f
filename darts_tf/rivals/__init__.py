"""Search strategies without gradients: they propose cells and are told scores."""

from darts_tf.rivals.ranked_search import RankedSearch as RankedSearch
from darts_tf.rivals.registry import get_strategy as get_strategy
from darts_tf.rivals.registry import register_strategy as register_strategy
from darts_tf.rivals.registry import strategy_names as strategy_names
from darts_tf.rivals.strategy import Strategy as Strategy
from darts_tf.rivals.strategy import Trial as Trial
