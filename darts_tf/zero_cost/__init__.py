"""Scores of networks that nobody has trained yet, as cheap guesses of accuracy."""

from darts_tf.zero_cost.registry import all_scores as all_scores
from darts_tf.zero_cost.registry import get_score as get_score
from darts_tf.zero_cost.registry import register_score as register_score
from darts_tf.zero_cost.registry import score_names as score_names
from darts_tf.zero_cost.score import Score as Score
