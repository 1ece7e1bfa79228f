"""The forms in which a search network computes its edges."""

from darts_tf.errors import invalid_value

EDGES, GROUPED = "edges", "grouped"
FORMS = (EDGES, GROUPED)


def checked_form(form: str) -> str:
    """Returns a form, or raises a `ValueError` where it is none."""
    if form not in FORMS:
        raise invalid_value("form", f"one of {', '.join(FORMS)}", form)
    return form
