"""Methods in words: every published one differs from DARTS in what is said of it."""

import pytest

from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.methods.words import method_in_words
from darts_tf.experiments.recurrent_search.config import RecurrentSearchConfig
from darts_tf.methods import preset_names
from darts_tf.settings import values_of
from darts_tf.tasks.configuration import configured

KINDS = {"convolutional": SearchConfig, "recurrent": RecurrentSearchConfig}
CASES = [(kind, name) for kind in KINDS for name in preset_names(kind)]


def words(kind, **settings):
    return method_in_words(values_of(configured(KINDS[kind](), **settings)))


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_published_methods(kind, name):
    found, darts = words(kind, method=name), words(kind)
    assert found.pop("method") == name and darts.pop("method") == "darts"
    assert (found == darts) == (name == "darts")


def test_parts():
    found = words("convolutional", method="pc_darts", auxiliary_skip=1.0)
    assert found["edge"] == (
        "1/4 of the channels is mixed; edges have weights; a skip connection beside "
        "it, weight 1.0, decay linear"
    )
    assert found["schedule"] == "alpha frozen for 15 epochs"
    assert words("convolutional", method="snas")["updates"].startswith("alpha and w")
    assert words("recurrent", eigenvalue="stop")["stop"] == "rising eigenvalue"
    still = words("recurrent", perturbation="random", perturbation_radius=0.0)
    assert still["perturbation"] == "none"


def test_earlier_versions_say_nothing():
    assert method_in_words({"order": "second"}) == {}
