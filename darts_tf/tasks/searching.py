"""The search of an architecture by a function call, by gradient or by trials."""

import os
from typing import Any

from darts_tf.experiments.convolutional_baseline.experiment import ConvolutionalBaseline
from darts_tf.experiments.convolutional_baseline.results import ConvolutionalBaselineRun
from darts_tf.experiments.convolutional_search.experiment import ConvolutionalSearch
from darts_tf.experiments.convolutional_search.results import SearchRun
from darts_tf.experiments.recurrent_baseline.experiment import RecurrentBaseline
from darts_tf.experiments.recurrent_baseline.results import RecurrentBaselineRun
from darts_tf.experiments.recurrent_search.experiment import RecurrentSearch
from darts_tf.experiments.recurrent_search.results import RecurrentSearchRun
from darts_tf.tasks.configuration import is_text, run_experiment


def search(
    dataset: str | os.PathLike = "cifar10",
    output: str | os.PathLike | None = None,
    **settings: Any,
) -> SearchRun | RecurrentSearchRun:
    """Searches cells, as `python -m trainers.search` and `trainers.search_rnn` do.

    Args:
        dataset: What is searched on. Images are "digits", the name of a TFDS set, or a
            folder with a folder for each class: they get a normal and a reduction
            cell. Texts are "ptb", "wikitext2", "python_reference", or a folder with
            `train.txt`, `valid.txt` and `test.txt`: they get a recurrent cell.
        output: Folder of the run; an existing run continues. Default is one in `runs/`
            named after the time.
        **settings: Fields of `SearchConfig`, for texts of `RecurrentSearchConfig`.

    Returns:
        What the run has found: `best`, the genotype; `metrics` by column; `folder`,
        with pictures and a report.

    Raises:
        UserError: If anything in the input or the surroundings stops the search.

    Example:

    >>> import darts_tf as dt
    >>> run = dt.search("digits", order="first", layers=2, init_channels=2, epochs=1,
    ...                 steps_per_epoch=2, output="runs/digits")
    >>> print(run.best)
    """
    kind = RecurrentSearch if is_text(dataset) else ConvolutionalSearch
    return run_experiment(kind, kind.Config(), output, dataset=dataset, **settings)


def baseline(
    dataset: str | os.PathLike = "cifar10",
    method: str = "random",
    output: str | os.PathLike | None = None,
    **settings: Any,
) -> ConvolutionalBaselineRun | RecurrentBaselineRun | None:
    """Searches cells by trials, as `python -m trainers.baseline` does.

    For texts it does as `trainers.baseline_rnn`.

    Args:
        dataset: What is searched on, see `search`.
        method: Strategy that proposes genotypes, such as "evolution".
        output: Folder of the run; an existing run continues. Default is one in `runs/`
            named after the time.
        **settings: Fields of `BaselineConfig`, for texts of `RecurrentBaselineConfig`:
            `budget`, for instance, or `table`.

    Returns:
        What the run has found: `best`, the genotype; `genotypes` and `metrics` of all
        trials; `folder`, with pictures and a report. `None` in a worker of several
        processes that search together, whose chief has the folder.

    Raises:
        UserError: If anything in the input or the surroundings stops the search.

    Example:

    >>> import darts_tf as dt
    >>> run = dt.baseline("digits", "random", layers=2, init_channels=2, epochs=1,
    ...                   steps_per_epoch=2, auxiliary=False, budget="2",
    ...                   output="runs/random")
    >>> print(run.best)
    """
    kind = RecurrentBaseline if is_text(dataset) else ConvolutionalBaseline
    settings = {"dataset": dataset, "method": method, **settings}
    return run_experiment(kind, kind.Config(), output, **settings)
