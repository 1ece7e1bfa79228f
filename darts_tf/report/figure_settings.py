"""Matplotlib's settings for figures, the same for every user."""

import matplotlib
from matplotlib.font_manager import FontProperties

_SETTINGS = {
    # The backend stays, because it draws the windows of the user's own program, too.
    **{k: v for k, v in matplotlib.rcParamsDefault.items() if k != "backend"},
    # SVG gets the same ids every time, and text as shapes that need no font.
    "svg.hashsalt": "darts_tf",
    "svg.fonttype": "path",
}

# Decorates what draws a figure and what saves it, as both follow settings: without, a
# user's matplotlibrc would change pictures, or ask for LaTeX where there is none.
own_settings = matplotlib.rc_context(_SETTINGS)


def font(size: float, weight: str = "normal") -> FontProperties:
    """Returns the font of drawn cells, which comes with Matplotlib.

    What is not given follows settings, so it is for functions with `own_settings`.
    """
    return FontProperties(family="DejaVu Sans", size=size, weight=weight)
