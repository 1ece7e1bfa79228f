"""The spaces of the stages of a search, in the files of its folder.

A file has for each kind of cell the operations of each row of alpha, in its order.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from darts_tf.atomic_file import write_atomically
from darts_tf.run_layout import stage_file, stage_files
from darts_tf.runs.run_config import RunFolderError, damaged, read_text
from darts_tf.space.search_space import SearchSpace


def write_stage_space(folder: Path, epoch: int, space: SearchSpace) -> None:
    """Writes the space of a stage.

    Args:
        folder: The run folder.
        epoch: The first epoch of the stage, counted from 1.
        space: The space.
    """
    operations = {
        cell.kind: [cell.operations_of(row) for row in range(cell.num_edges)]
        for cell in space.cells
    }
    text = json.dumps(operations, indent=1) + "\n"
    write_atomically(folder / stage_file(epoch), text)


def read_stage_spaces(folder: Path, space: SearchSpace) -> dict[int, SearchSpace]:
    """Reads the spaces of all stages that a search has begun.

    Args:
        folder: The run folder.
        space: The space that the search has begun with.

    Returns:
        The spaces by their first epochs, counted from 1, in order.

    Raises:
        RunFolderError: If a file is damaged, or has other operations on an edge than
            there were before; the message names it.
    """
    spaces = {}
    for epoch, path in stage_files(folder).items():
        try:
            operations = json.loads(read_text(path))
            space = spaces[epoch] = space.with_operations(operations)
        except RunFolderError:
            raise
        except (ValueError, TypeError, RecursionError) as error:
            expected = "the operations of each edge of a stage"
            raise damaged(path, expected, f"an error: {error}") from error
    return spaces


def space_after(
    epoch: int, space: SearchSpace, stages: Mapping[int, SearchSpace]
) -> SearchSpace:
    """Returns the space of a search in an epoch.

    Args:
        epoch: The epoch, counted from 1.
        space: The space that the search has begun with.
        stages: What `read_stage_spaces` returned.
    """
    begun = [first for first in stages if first <= epoch]
    return stages[max(begun)] if begun else space
