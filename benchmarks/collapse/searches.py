"""A search that shows whether a method collapses, and what it has led to."""

import concurrent.futures
import math
import pathlib
import subprocess
import sys
from collections.abc import Iterator, Sequence

from benchmarks.collapse.settings import SPACES, CollapseConfig, Search
from benchmarks.run_log import mark_of
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_evaluation.results import read_training_run
from darts_tf.experiments.convolutional_search.results import read_run
from darts_tf.method.stops import skip_connections
from darts_tf.run_layout import LATEST_GENOTYPE_FILE


def do_searches(
    config: CollapseConfig, searches: Sequence[Search]
) -> Iterator[tuple[Search, list[dict]]]:
    """Yields each search as it ends, with its rows; several run at a time.

    Args:
        config: The settings.
        searches: The searches.
    """
    with concurrent.futures.ThreadPoolExecutor(config.workers) as pool:
        running = {pool.submit(do_search, config, each): each for each in searches}
        try:
            for ended in concurrent.futures.as_completed(running):
                yield running[ended], ended.result()
        finally:
            pool.shutdown(cancel_futures=True)


def do_search(config: CollapseConfig, search: Search) -> list[dict]:
    """Does a search in processes of its own, which continue where they were cut off.

    Args:
        config: The settings.
        search: The search.

    Returns:
        Rows of `CollapseLog`.
    """
    folder = pathlib.Path(config.work, "-".join(map(str, search)))
    common = _flags_of_machine(config)
    flags = [*_search_flags(config, search), *common]
    if search.space == "nasbench201" and config.table:
        flags.append(f"--table={config.table}")
    _run("search", folder / "search", flags)
    run = read_run(folder / "search")
    trained = math.nan
    if search.space != "nasbench201":
        flags = training_flags(config, search, folder / "search")
        _run("eval_cifar", folder / "training", [*flags, *common])
        # After the last epoch, since the best one would be chosen by the test images.
        trained = read_training_run(folder / "training").metrics["val_accuracy"][-1]
    return [
        {
            **search._asdict(),
            "settings": settings_mark(config, search),
            "epoch": int(epoch),
            "step": int(epoch) * config.steps_per_epoch,
            "val_accuracy": _text(run, "val_accuracy", row),
            "table_test": _text(run, "table_test", row),
            "table_rank": _text(run, "table_rank", row),
            "skips": skip_connections(run.genotypes[int(epoch)]),
            "eigenvalue": _text(run, "eigenvalue", row),
            "trained_accuracy": f"{trained:.4f}",
            "seconds": f"{run.metrics['seconds'][row]:.0f}",
        }
        for row, epoch in enumerate(run.metrics["epoch"])
    ]


def settings_mark(config: CollapseConfig, search: Search) -> str:
    """Returns a few letters that are the same for searches with the same settings.

    Args:
        config: The settings.
        search: The search.
    """
    training = training_flags(config, search, pathlib.Path())
    return mark_of([_search_flags(config, search), training])


def _text(run, column, row):
    if column not in run.metrics:
        return "nan"
    return f"{run.metrics[column][row]:.5g}"


def _sizes(config, search):
    names = ("dataset", "init_channels", "steps_per_epoch")
    given = [f"--{name}={getattr(config, name)}" for name in names]
    return [*given, f"--layers={SPACES[search.space]}"]


def _flags_of_machine(config):
    """What changes no result: where the data lie, and the threads."""
    flags = [f"--data_dir={config.data_dir}"] if config.data_dir else []
    return flags + (["--inter_op_threads=1"] if config.workers > 1 else [])


def _search_flags(config, search):
    names = ("epochs", "batch_size", "validation_steps")
    return [
        *_sizes(config, search),
        *(f"--{name}={getattr(config, name)}" for name in names),
        *(f"--{name}={value}" for name, value in search._asdict().items()),
        # All methods move alpha from the start: there are few epochs.
        "--frozen_epochs=0",
        "--eigenvalue=log",
        "--learning_rate=0.025",
        "--learning_rate_min=0.001",
        "--arch_learning_rate=0.003",
    ]


def training_flags(
    config: CollapseConfig, search: Search, folder: pathlib.Path
) -> list[str]:
    """Returns the flags of the training of the cell that a search has ended with.

    Not of the one that it recommends, which may be from before a collapse.

    Args:
        config: The settings.
        search: The search.
        folder: Its run folder.
    """
    return [
        *_sizes(config, search),
        f"--genotype={folder / LATEST_GENOTYPE_FILE}",
        f"--epochs={config.training_epochs}",
        "--validation_steps=100",
        "--noauxiliary",
        "--drop_path_rate=0",
    ]


def _run(trainer, output, flags):
    command = [sys.executable, "-m", f"trainers.{trainer}", f"--output={output}"]
    process = subprocess.run([*command, *flags], capture_output=True, text=True)
    if process.returncode:
        lines = process.stderr.strip().splitlines() or [f"{trainer} ended"]
        raise UserError(f"{output}: {lines[-1]}")
