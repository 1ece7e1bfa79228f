"""Figures as bytes, the same bytes for the same figure, and as files."""

import io
import logging

import matplotlib
from matplotlib.figure import Figure

_DOTS_PER_INCH = 150
# It warns of each of its own fonts for formulas that it does not find and need not.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
# Without these, ids are random and the date of writing stands in the file.
_SVG_SETTINGS = {"svg.hashsalt": "darts_tf", "svg.fonttype": "path"}
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def figure_to_png(figure: Figure) -> bytes:
    """Returns the figure as a PNG image, at 150 dots per inch."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    return file.getvalue()


def figure_to_svg(figure: Figure) -> bytes:
    """Returns the figure as an SVG image whose text is drawn, needing no font."""
    file = io.BytesIO()
    with matplotlib.rc_context(_SVG_SETTINGS):
        figure.savefig(file, format="svg", metadata=_NO_METADATA)
    return file.getvalue()
