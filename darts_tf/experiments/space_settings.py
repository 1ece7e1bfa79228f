"""The setting of the search space, whose name settles the defaults of others."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from darts_tf.errors import UserError
from darts_tf.plugins import import_modules
from darts_tf.run_layout import CONFIG_FILE
from darts_tf.settings import Settings, setting
from darts_tf.spaces.named_space import NamedSpace
from darts_tf.spaces.registry import get_space, space_names

DARTS_SPACE = "darts"


class SpaceSettings(Settings):
    """The search space of a run on images."""

    space: str = setting(
        DARTS_SPACE,
        "Search space by name: darts; s1, s2, s3 and s4 of RobustDARTS, and s5; "
        "nasbench201; nasnet, enas, nao, pnas, amoebanet and hierarchical, those of "
        "these papers; table1_ with nasnet, enas, nao, darts, pnasnet or evolutionary; "
        "wide, deep or single_cell with _regular, _no_skip or _all_skip; "
        "or one of your own. It settles operations, nodes and network, and the "
        "defaults of the sizes.",
        group="Network",
        added=True,
    )

    def named_space(self) -> NamedSpace:
        """Returns the space, once the modules that register more are imported.

        Raises:
            UserError: If there is none of this name.
        """
        if self.space not in space_names():
            raise UserError(
                f"`space`={self.space}: expected one of {', '.join(space_names())}. "
                "Where it is one of your own, import its module with "
                "`primitive_modules`."
            )
        return get_space(self.space)


def space_of(values: Mapping[str, Any]) -> NamedSpace | None:
    """Returns the space that settings name, or `None` if it is not known.

    Args:
        values: The settings by name.
    """
    name = values["space"]
    if isinstance(name, str) and name not in space_names():
        import_modules("primitive_modules", values["primitive_modules"])
    return registered_space(name)


def registered_space(name: object) -> NamedSpace | None:
    """Returns the space of a name, or `None` if none is registered by it.

    Args:
        name: The name. No module is imported for it, so that it may be from a file: one
            with a space of its own has to be imported before.
    """
    is_known = isinstance(name, str) and name in space_names()
    return get_space(name) if is_known else None


def space_of_search(genotype: str) -> str:
    """Returns the name of the space of the search that a genotype is from.

    Args:
        genotype: What a user types: the folder of a search, a file in it, or anything
            else, for which it is that of DARTS.
    """
    path = Path(genotype)
    for folder in _folders(path):
        try:
            settings = json.loads((folder / CONFIG_FILE).read_text("utf-8"))["settings"]
            return str(settings.get("space", DARTS_SPACE))
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            # What is no search, or damaged, is refused where its genotype is read.
            continue
    return DARTS_SPACE


def _folders(path: Path) -> Iterable[Path]:
    """The folders that a run may be which the path leads to."""
    return (path,) if path.is_dir() else path.parents[:2] if path.is_file() else ()
