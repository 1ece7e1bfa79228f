"""The section of a page of the documentation that a program writes anew."""

import os
from pathlib import Path

from darts_tf.atomic_file import write_atomically
from darts_tf.errors import UserError

_START = "<!-- Results: written by the program. -->"
_END = "<!-- End of the results. -->"


def write_section(page: str | os.PathLike, section: str) -> None:
    """Writes the section of results anew; the rest of the page stays.

    Args:
        page: The page.
        section: Text of the section, in Markdown.

    Raises:
        UserError: If the page is none with such a section.
    """
    before, after = _around(page)
    write_atomically(page, f"{before}{_START}\n\n{section}\n\n{_END}{after}")


def check_page(page: str | os.PathLike) -> None:
    """Refuses a page without a section of results; errors as `write_section`."""
    _around(page)


def _around(page: str | os.PathLike) -> tuple[str, str]:
    """What stands before the section and after it."""
    path = Path(page)
    text = path.read_text("utf-8") if path.is_file() else ""
    before, start, rest = text.partition(_START)
    _, end, after = rest.partition(_END)
    if not start or not end:
        raise UserError(
            f"`page`={page}: expected a page with the lines {_START} and {_END}"
        )
    return before, after
