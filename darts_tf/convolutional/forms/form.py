"""The forms in which a search network computes its edges."""

import tensorflow as tf

from darts_tf.errors import invalid_value

AUTO, EDGES, GROUPED = "auto", "edges", "grouped"
FORMS = (EDGES, GROUPED)


def settled_form(form: str) -> str:
    """Returns what "auto" is on this machine, and another form as it is.

    Does not settle the logical devices, of which TensorFlow must not yet be asked.
    """
    if form != AUTO:
        return form
    return GROUPED if tf.config.get_visible_devices("GPU") else EDGES


def checked_form(form: str) -> str:
    """Returns a form, or raises a `ValueError` where it is none."""
    if form not in FORMS:
        raise invalid_value("form", f"one of {', '.join(FORMS)}", form)
    return form
