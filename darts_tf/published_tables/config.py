"""Settings of the published tables."""

from darts_tf.errors import UserError
from darts_tf.settings import Settings, setting
from darts_tf.zoo.registry import get_row, is_row, rows
from darts_tf.zoo.row import DATASETS

# Settings that have no meaning for what is printed in place of the tables.
_UNUSED_BY = {
    "summary": ("output",),
    "table1": ("name", "dataset", "summary", "output"),
}


class TablesConfig(Settings):
    """Settings of the published tables.

    Raises:
        UserError: If there is no such row in the table, layers are asked for of
            several, or a setting has no meaning beside another.
    """

    name: str | None = setting(
        None,
        "Name of the only row to build; default is all, one after the other.",
        group="Tables",
    )
    dataset: str | None = setting(
        None,
        "Data set of the only table that is made; default is all three.",
        group="Tables",
        choices=DATASETS,
    )
    summary: bool = setting(
        False,
        "Whether the layers of the network of `name` are listed, with the weights and "
        "mult-adds of each, in place of a table.",
        group="Tables",
    )
    table1: bool = setting(
        False,
        "Whether Table 1, the operations of each search space, is printed in place of "
        "the tables of networks, and under it what the papers themselves list.",
        group="Tables",
    )
    output: str | None = setting(
        None,
        "Folder that gets the tables as a page, tables.html, with pictures of the "
        "cells; default is none.",
        group="Tables",
    )

    def __post_init__(self):
        super().__post_init__()
        if self.name is not None and not is_row(self.name):
            names = ", ".join(row.name for row in rows())
            raise UserError(f"`name`={self.name}: expected one of {names}.")
        if self.name and self.dataset not in (None, get_row(self.name).dataset):
            raise UserError(
                f"`name`={self.name} is no row of `dataset`={self.dataset}; leave one."
            )
        if self.summary and self.name is None:
            raise UserError("`summary` lists the layers of one network; give `name`.")
        printed = "table1" if self.table1 else "summary" if self.summary else None
        for other in _UNUSED_BY.get(printed, ()):
            if getattr(self, other):
                raise UserError(
                    f"`{other}` has no meaning beside `{printed}`, which is printed in "
                    "place of the tables of networks; leave one."
                )
