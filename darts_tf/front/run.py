"""One search for each target, and all that they have found in one measure.

The search networks of different searches do not compare: each has the weights that its
own alpha has led to. So all genotypes are measured in one of them, that of the largest
target, whose coefficients are made 1 for the operations of the genotype and 0 for all
others. Such an error is no forecast of what a training comes to; it orders genotypes.
"""

import csv
import io
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from darts_tf.atomic_file import write_atomically
from darts_tf.costs.space_costs import SpaceCosts
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.convolutional_search.data import SearchData
from darts_tf.experiments.convolutional_search.experiment import ConvolutionalSearch
from darts_tf.experiments.convolutional_search.results import read_run
from darts_tf.experiments.importance import SearchedModel
from darts_tf.experiments.kept_epochs import recommended
from darts_tf.front.config import FrontConfig, name_of
from darts_tf.front.figure import FOUND, PUBLISHED, RANDOM, front_figure
from darts_tf.genotype.cells_genotype import ImageGenotype
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.method.importance import Measure, measure_on
from darts_tf.method.slots import OPERATIONS
from darts_tf.report.figure_files import figure_to_svg
from darts_tf.run_layout import RESULTS_FILE
from darts_tf.runs.run_folder import RunFolder
from darts_tf.settings import added_settings, free_settings, values_of
from darts_tf.space.search_space import SearchSpace

TABLE_FILE, FIGURE_FILE = "front.csv", "front.svg"


class FrontCell(NamedTuple):
    """A genotype in the front.

    Attributes:
        kind: `"found"` by a search, `"random"` or `"published"`.
        name: The target of its search, its number, or its name.
        cost: Cost of its network, in the unit that a user reads.
        error: Share of the validation images that the search network gets wrong with
            its operations alone.
    """

    kind: str
    name: str
    cost: float
    error: float

    @property
    def label(self) -> str:
        """What the figure calls it."""
        return f"target {self.name}" if self.kind == FOUND else self.name


def find_front(config: FrontConfig, output: str | os.PathLike) -> list[FrontCell]:
    """Does the searches, or continues them, and measures what they have found.

    Args:
        config: The settings.
        output: Folder that gets one for each search, the table and the figure.

    Returns:
        The genotypes, those of the searches first.

    Raises:
        UserError: If anything in the input stops it; before the first search begins,
            all targets and folders are checked.
    """
    if not config.targets:
        raise UserError("`targets` names none; give one or more.")
    folder, configs = Path(output), [*map(config.search_config, config.targets)]
    folders = {
        search.cost_target: folder / f"target_{name_of(search.cost_target)}"
        for search in configs
    }
    prepared = [*map(_prepared, configs)]
    costs = _costs(prepared)
    for search in prepared:
        _check_folder(folders[search.config.cost_target], search)
    for search in configs:
        path = folders[search.cost_target]
        if not (path / RESULTS_FILE).exists():
            ConvolutionalSearch(search).run(path)
    measure, space = _measure(folders[max(folders)], config.front_batches)
    cells = [
        FrontCell(
            kind,
            name,
            costs.in_units(costs.of(genotype)),
            1 - measure(coefficients_of(space, genotype))["accuracy"],
        )
        for kind, name, genotype in _genotypes(config, space, folders)
    ]
    write_atomically(folder / TABLE_FILE, _table(cells))
    figure = front_figure(cells, costs.unit, config.targets)
    write_atomically(folder / FIGURE_FILE, figure_to_svg(figure))
    return cells


def front_in_words(cells: list[FrontCell], unit: str) -> str:
    """Returns the genotypes of the searches as lines.

    Args:
        cells: All genotypes.
        unit: Unit of the costs.
    """
    return "\n".join(
        f"target {cell.name}: {cell.cost:.6g} {unit}, error {cell.error:.2%}"
        for cell in cells
        if cell.kind == FOUND
    )


def coefficients_of(
    space: SearchSpace, genotype: SavedGenotype
) -> dict[str, dict[str, np.ndarray]]:
    """Returns coefficients with which a search network is that of a genotype.

    Args:
        space: The space of the network.
        genotype: A genotype of it.

    Returns:
        By kind of cell what `Architecture.coefficients` returns, for a method whose
        edges have nothing else.
    """
    found = {}
    for kind, cell in genotype.cells.items():
        of_kind = space.of(kind)
        coefficients = np.zeros(of_kind.alpha_shape, np.float32)
        for node, edges in enumerate(cell.nodes):
            for edge in edges:
                row = of_kind.row(node, edge.source)
                column = of_kind.operations_of(row).index(edge.primitive)
                coefficients[row, column] += 1
        found[kind] = {OPERATIONS: coefficients}
    return found


def _prepared(config: SearchConfig) -> ConvolutionalSearch:
    """A search whose settings are checked, and settled where they are left open."""
    search = ConvolutionalSearch(config)
    search.prepare()
    return search


def _costs(searches: list[ConvolutionalSearch]) -> SpaceCosts:
    """The costs of the derived networks, once all targets are checked."""
    data = SearchData(searches[0].config)
    costs = [search.config.architecture_cost(data).costs for search in searches]
    return costs[0]


def _check_folder(path: Path, search: ConvolutionalSearch) -> None:
    """Refuses a folder with another search, also one that has ended."""
    free, added = free_settings(search.config), added_settings(search.config)
    RunFolder(path, search.FORMAT, free, added).check(values_of(search.config))


def _measure(folder: Path, batches: int | None) -> tuple[Measure, SearchSpace]:
    """A function of coefficients that measures the network of a search."""
    searched = SearchedModel(folder)
    searched.open()
    model = searched.model
    validation = itertools.islice(searched.data.validation_batches(), batches)
    own = {
        kind: {name: x.numpy() for name, x in of_kind.items()}
        for kind, of_kind in model.network.coefficients().items()
    }
    measure = measure_on(model.traced_measured, [*validation])

    def measured(coefficients):
        # What else the edges have stays as the search has it.
        return measure({kind: own[kind] | x for kind, x in coefficients.items()})

    return measured, model.network.space


def _genotypes(
    config: FrontConfig, space: SearchSpace, folders: dict[float, Path]
) -> Iterator[tuple[str, str, SavedGenotype]]:
    """All genotypes with their kinds and names."""
    for target, folder in folders.items():
        run = read_run(folder)
        yield FOUND, name_of(target), run.genotypes[recommended(run).epoch]
    rng = np.random.default_rng(config.seed)
    for number in range(config.random_cells):
        yield RANDOM, str(number + 1), space.sample(rng)
    for name, genotype in ImageGenotype.published_by_name().items():
        try:
            space.encode(genotype)
        except ValueError:
            continue
        yield PUBLISHED, name, genotype


def _table(cells):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FrontCell._fields)
    writer.writerows(cells)
    return text.getvalue()
