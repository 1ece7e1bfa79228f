import pytest

from darts_tf.errors import UserError
from darts_tf.experiments.trained_row import trained_row
from darts_tf.zoo import get_row
from darts_tf.zoo.row import CIFAR10, PENN_TREEBANK


def test_a_row_by_its_name():
    assert trained_row("rhn_ptb", PENN_TREEBANK) == get_row("rhn_ptb")
    for name in ("DARTS_V2", "runs/search", "", "rhn"):
        assert trained_row(name, PENN_TREEBANK) is None


def test_a_row_of_another_table():
    with pytest.raises(UserError) as caught:
        trained_row("darts_v2_cifar10", PENN_TREEBANK)
    message = str(caught.value)
    assert message.startswith("`genotype`=darts_v2_cifar10 is a network for cifar10; ")
    assert "awd_lstm_ptb" in message and "\n" not in message
    with pytest.raises(UserError, match=r"for cifar10 are .*darts_v2_cifar10"):
        trained_row("rhn_ptb", CIFAR10)
