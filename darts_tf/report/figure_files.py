"""Figures as bytes, the same bytes for the same figure, and as files."""

import io
import logging

from matplotlib.figure import Figure

from darts_tf.report.figure_settings import own_settings

_DOTS_PER_INCH = 150
# Matplotlib would warn of fonts for formulas that it does not find, and that nothing
# here needs.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
# These are left empty, so that the file does not depend on when it was written.
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


@own_settings
def figure_to_png(figure: Figure) -> bytes:
    """Returns the figure as a PNG image, at 150 dots per inch."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    return file.getvalue()


@own_settings
def figure_to_svg(figure: Figure) -> bytes:
    """Returns the figure as an SVG image whose text is drawn, needing no font."""
    file = io.BytesIO()
    figure.savefig(file, format="svg", metadata=_NO_METADATA)
    return file.getvalue()
