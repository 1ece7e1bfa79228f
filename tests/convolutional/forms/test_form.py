"""What the form is where it is left to the machine."""

import pytest
import tensorflow as tf

from darts_tf.convolutional import MixedOp, SearchNetwork
from darts_tf.convolutional.forms.form import settled_form


@pytest.mark.parametrize("gpus, form", [([], "edges"), (["GPU:0"], "grouped")])
def test_auto_depends_on_the_machine(gpus, form, monkeypatch):
    monkeypatch.setattr(tf.config, "get_visible_devices", {"GPU": gpus}.get)
    assert settled_form("auto") == form
    assert settled_form("edges") == "edges"
    assert settled_form("grouped") == "grouped"


@pytest.mark.parametrize("form", ["auto", "cells"])
def test_another_form_is_refused(form):
    for make in (SearchNetwork, lambda form: MixedOp(["skip_connect"], form=form)):
        with pytest.raises(ValueError, match="one of edges, grouped"):
            make(form=form)
