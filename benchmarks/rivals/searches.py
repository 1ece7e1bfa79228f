"""Searches of all strategies on a table, in several processes."""

import concurrent.futures
import multiprocessing
import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.rivals.settings import Rival, RivalsConfig
from darts_tf.rivals import get_strategy
from darts_tf.space.search_space import SearchSpace
from darts_tf.spaces.cell_table import CellTable
from darts_tf.spaces.registry import get_space

# Searches of a process at a time.
_CHUNK = 10


class Curves(NamedTuple):
    """What searches came to after each evaluation.

    Attributes:
        valid: Best validation accuracy so far, in per cent, of shape
            `(searches, evaluations)`.
        test: Test accuracy of that cell, of the same shape.
        seconds: Of a processor, for one search.
    """

    valid: np.ndarray
    test: np.ndarray
    seconds: float


def search_all(config: RivalsConfig) -> Iterator[tuple[Rival, Curves]]:
    """Searches with all strategies and seeds.

    Args:
        config: The settings.

    Yields:
        Each rival with its `Curves`, whose searches are in the order of their seeds.

    Raises:
        UserError: If the table is none of the cells of nasbench201.
    """
    space, table = _space(), CellTable(config.table, config.dataset)
    table.require_space(space.cells[0])
    starts = range(0, config.seeds, _CHUNK)
    seeds = [range(start, min(start + _CHUNK, config.seeds)) for start in starts]
    # Each has a processor for itself; more threads would only hinder the others.
    with concurrent.futures.ProcessPoolExecutor(
        config.processes, multiprocessing.get_context("spawn")
    ) as pool:
        waiting = {
            rival: [pool.submit(_search, config, rival, part) for part in seeds]
            for rival in config.rivals()
        }
        for rival, parts in waiting.items():
            valid, test, seconds = zip(*(part.result() for part in parts))
            mean = sum(seconds) / config.seeds
            yield rival, Curves(np.concatenate(valid), np.concatenate(test), mean)


def curves_of(config: RivalsConfig, rival: Rival, seed: int, table: CellTable):
    """Searches once; returns both curves of `Curves`, of shape `(2, evaluations)`."""
    strategy = get_strategy(rival.strategy).configured(
        _space(), seed, rival.configuration
    )
    curves, best = np.empty((2, config.evaluations)), (-np.inf, np.nan)
    for index in range(config.evaluations):
        genotype = strategy.ask()
        (cell,) = genotype.cells.values()
        entry = table.entry(cell)
        strategy.tell(genotype, entry.valid / 100)
        if entry.valid > best[0]:
            best = entry.valid, entry.test
        curves[:, index] = best
    return curves


def _search(config, rival, seeds):
    """Searches with some seeds, in a process of its own."""
    table, start = CellTable(config.table, config.dataset), time.process_time()
    with threadpool_limits(1):
        curves = [curves_of(config, rival, seed, table) for seed in seeds]
    valid, test = np.stack(curves, axis=1)
    return valid, test, time.process_time() - start


def _space() -> SearchSpace:
    named = get_space("nasbench201")
    return named.search_space(named.search["nodes"])
