"""Differentiable architecture search in Keras (arXiv 1806.09055).

`search`, `train`, `export` and `load` do what the binaries do. All else is in packages:
`darts_tf.convolutional`, `darts_tf.recurrent` and so on.
"""

from typing import TYPE_CHECKING, Any

from darts_tf.genotype import Genotype as Genotype
from darts_tf.genotype import RecurrentGenotype as RecurrentGenotype
from darts_tf.version import __version__ as __version__

if TYPE_CHECKING:
    from darts_tf.tasks import export as export
    from darts_tf.tasks import load as load
    from darts_tf.tasks import search as search
    from darts_tf.tasks import train as train

_TASKS = ("export", "load", "search", "train")


def __getattr__(name: str) -> Any:
    """Imports TensorFlow when it is needed, which takes seconds, and not before."""
    if name in _TASKS:
        from darts_tf.startup import import_keras

        import_keras()
        from darts_tf import tasks

        return getattr(tasks, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_TASKS})
