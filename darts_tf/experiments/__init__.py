"""Whole runs, from data to a report; each kind is a folder."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from darts_tf.experiments.convolutional_baseline.experiment import (
        ConvolutionalBaseline as ConvolutionalBaseline,
    )
    from darts_tf.experiments.convolutional_evaluation.experiment import (
        ConvolutionalEvaluation as ConvolutionalEvaluation,
    )
    from darts_tf.experiments.convolutional_search.experiment import (
        ConvolutionalSearch as ConvolutionalSearch,
    )
    from darts_tf.experiments.recurrent_baseline.experiment import (
        RecurrentBaseline as RecurrentBaseline,
    )
    from darts_tf.experiments.recurrent_evaluation.experiment import (
        RecurrentEvaluation as RecurrentEvaluation,
    )
    from darts_tf.experiments.recurrent_search.experiment import (
        RecurrentSearch as RecurrentSearch,
    )

_FOLDERS = {
    "ConvolutionalBaseline": "convolutional_baseline",
    "ConvolutionalEvaluation": "convolutional_evaluation",
    "ConvolutionalSearch": "convolutional_search",
    "RecurrentBaseline": "recurrent_baseline",
    "RecurrentEvaluation": "recurrent_evaluation",
    "RecurrentSearch": "recurrent_search",
}


def __getattr__(name: str) -> Any:
    """Imports a kind of run when it is asked for: a binary needs but one of them."""
    if name not in _FOLDERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = f"{__name__}.{_FOLDERS[name]}.experiment"
    return getattr(importlib.import_module(module), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_FOLDERS})
