"""The forms in which a search network computes its edges."""

from darts_tf.errors import invalid_value
from darts_tf.traced_device import traces_for_gpu

AUTO, EDGES, GROUPED = "auto", "edges", "grouped"
FORMS = (EDGES, GROUPED)


def settled_form(form: str) -> str:
    """Returns what "auto" is on this machine, and another form as it is."""
    if form != AUTO:
        return form
    return GROUPED if traces_for_gpu() else EDGES


def checked_form(form: str) -> str:
    """Returns a form, or raises a `ValueError` where it is none."""
    if form not in FORMS:
        raise invalid_value("form", f"one of {', '.join(FORMS)}", form)
    return form
