"""The course of the binaries that leave a run: the run itself, and what they print."""

from collections.abc import Callable, Iterable
from pathlib import Path

from absl import flags

from darts_tf import run_layout
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.genotype.genotype_of_run import genotype_in
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.settings import Settings
from flags.default_genotype import print_default_genotype
from flags.run_flags import RunFlags
from trainers.program import continued_by_same_command


def search(run_flags: RunFlags, genotype: type[SavedGenotype]) -> None:
    """Does the search that the parsed flags describe, and prints what it has found.

    A worker of a search by trials prints nothing: its chief has the folder.

    Args:
        run_flags: The flags.
        genotype: Class of the genotype that it finds.
    """
    folder = _finished_run(run_flags, run_flags.to_config())
    if folder is None:
        return
    print_found(folder, genotype)


def print_found(folder: Path, genotype: type[SavedGenotype]) -> None:
    """Prints the genotype that a search recommends, and where it lies.

    Args:
        folder: The folder of the search.
        genotype: Class of the genotype.
    """
    recommended = genotype_in(folder)
    role, path = "recommended", Path(recommended.path)
    found = genotype.load(path)
    best = folder / run_layout.BEST_GENOTYPE_FILE
    if found == genotype.load(best):
        role, path = "best", best
    print(f"\n{found}\n")
    print(f"Recommended: {recommended.which}.\n")
    cells = [folder / f"{run_layout.cell_drawing(role, x)}.png" for x in found.cells]
    title = "Cells:" if len(cells) > 1 else "Cell:"
    _print_paths(
        [
            ("Genotype:", path),
            *zip([title, *[""] * len(cells)], cells),
            ("Report:", folder / run_layout.REPORT_FILE),
        ]
    )


def train(
    run_flags: RunFlags,
    evaluate: Callable[[Settings], str],
    network: str,
    results: Callable[[Path], str] | None = None,
) -> None:
    """Does the training or the evaluation that the parsed flags describe.

    Args:
        run_flags: The flags.
        evaluate: Function of the configuration that evaluates a network, and says what
            it has found.
        network: What the paths that are printed call the network.
        results: Function of the run folder that says what the training has found, or
            `None`.
    """
    config = run_flags.to_config()
    print_default_genotype(flags.FLAGS)
    if flags.FLAGS.evaluate_only:
        configure_runtime(config)
        print(evaluate(config))
        return
    folder = _finished_run(run_flags, config)
    if results:
        print(f"\n{results(folder)}")
    _print_paths(
        [
            (f"Best {network}:", folder / run_layout.BEST_MODEL_FILE),
            (f"Latest {network}:", folder / run_layout.LATEST_MODEL_FILE),
            ("Report:", folder / run_layout.REPORT_FILE),
        ]
    )


def _finished_run(run_flags: RunFlags, config: Settings) -> Path | None:
    output = run_flags.output_folder()
    configure_runtime(config)
    with continued_by_same_command(output):
        return run_flags.kind(config).run(output)


def _print_paths(paths: Iterable[tuple[str, Path]]) -> None:
    paths = list(paths)
    width = max(len(title) for title, _ in paths) + 1
    for title, path in paths:
        print(f"{title:{width}}{path}")
