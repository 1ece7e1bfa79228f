import pytest

from darts_tf.errors import UserError
from darts_tf.experiments.recurrent_baseline.config import RecurrentBaselineConfig


def test_no_score_without_training_is_of_a_language_model():
    with pytest.raises(UserError, match="`method`=zero_cost measures networks for im"):
        RecurrentBaselineConfig(method="zero_cost")
