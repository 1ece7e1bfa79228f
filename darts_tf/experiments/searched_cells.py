"""Settings of the cells that a search on images chooses from, and of its two halves."""

from darts_tf.convolutional.primitives import DARTS_PRIMITIVES, get_primitive
from darts_tf.errors import UserError
from darts_tf.experiments.search_settings import SearchSettings, check_operations
from darts_tf.experiments.space_settings import SpaceSettings
from darts_tf.plugins import import_modules
from darts_tf.settings import changed, setting
from darts_tf.space.search_space import SearchSpace
from darts_tf.spaces.cell_table import CellTable


class CellsSettings(SpaceSettings):
    """Settings of the cells that there are to choose from.

    A configuration of which they are a part has `primitive_modules`, too.
    """

    nodes: int = changed(SearchSettings, "nodes")
    primitives: tuple[str, ...] = setting(
        DARTS_PRIMITIVES, "Operations on each edge, by name.", group="Network"
    )

    def checked_space(self) -> SearchSpace:
        """Imports the modules that register primitives, and looks all names up.

        Returns:
            The cells to choose from.

        Raises:
            UserError: If a module, a primitive or the space is missing, a primitive is
                named twice, or the space has no such cells.
        """
        import_modules("primitive_modules", self.primitive_modules)
        check_operations(
            "primitives", self.primitives, lambda name: get_primitive(name).is_zero
        )
        return self.search_space()

    def search_space(self) -> SearchSpace:
        """Returns the cells to choose from.

        Raises:
            UserError: If there is no such space, or it has no such cells.
        """
        named = self.named_space()
        try:
            return named.search_space(self.nodes, self.primitives)
        except ValueError as error:
            raise UserError(f"`space`={self.space}: {error}") from error


class SearchedCellsSettings(CellsSettings):
    """Settings of the cells and the halves of a search on images.

    A configuration of which they are a part has `ImageSettings`, too.
    """

    train_portion: float = setting(
        0.5,
        "Share of the training images that train w; the others train alpha.",
        group="Data",
        least=0.001,
        most=0.999,
    )
    table: str | None = setting(
        None,
        "Table of the accuracies of all cells of the space, an .npz file, in which the "
        "cell after each epoch is looked up, for space nasbench201; default is none.",
        group="Data",
        added=True,
    )

    def open_table(self) -> CellTable | None:
        """Returns the table of the cells, or `None` if there is none.

        Raises:
            UserError: If it cannot be read, or is of other cells.
        """
        if self.table is None:
            return None
        table, cells = CellTable(self.table, self.dataset), self.search_space().cells
        if len(cells) > 1:
            raise UserError(
                f"`table`={self.table}: `space`={self.space} has several kinds of "
                "cells, a table is of one; give `space=nasbench201`."
            )
        table.require_space(cells[0])
        return table
