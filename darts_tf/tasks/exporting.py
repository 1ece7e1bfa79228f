"""The export of a trained network by a function call."""

import os
from typing import Any

from darts_tf.serving.export_config import ExportConfig
from darts_tf.serving.exporters import export_run
from darts_tf.tasks.configuration import configured


def export(run: str | os.PathLike, output: str | os.PathLike, **settings: Any) -> str:
    """Exports a trained network, as `python -m trainers.export` does.

    Args:
        run: Folder of a training, or a `.keras` file.
        output: Folder that gets the next version: 1, 2, ...
        **settings: Fields of `ExportConfig`.

    Returns:
        What was written and how far its outputs are from the network's, as text.

    Raises:
        UserError: If an input is wrong, or the outputs differ; nothing is written then.

    Example:

    >>> import darts_tf as dt
    >>> print(dt.export("runs/trained", "served", format="saved_model"))
    """
    paths = {"run": os.fspath(run), "output": os.fspath(output)}
    return export_run(configured(ExportConfig(**paths), **settings))
