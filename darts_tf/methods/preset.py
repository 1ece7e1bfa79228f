"""What makes a published method: settings other than those of DARTS."""

import dataclasses
from collections.abc import Mapping
from typing import Any

CONVOLUTIONAL, RECURRENT = "convolutional", "recurrent"

# DARTS' operations without `none`, as five of the methods take them.
WITHOUT_NONE = (
    "max_pool_3x3",
    "avg_pool_3x3",
    "skip_connect",
    "sep_conv_3x3",
    "sep_conv_5x5",
    "dil_conv_3x3",
    "dil_conv_5x5",
)


@dataclasses.dataclass(frozen=True)
class Preset:
    """A method of the literature.

    Attributes:
        name: What `method` calls it.
        source: The paper.
        settings: The settings that make it, by name; the others are those of DARTS.
        convolutional: Further ones of searches for images: what its authors search
            with. `None` where the method has no such search.
        recurrent: The same of searches for texts.
    """

    name: str
    source: str
    settings: Mapping[str, Any]
    convolutional: Mapping[str, Any] | None = dataclasses.field(default_factory=dict)
    recurrent: Mapping[str, Any] | None = dataclasses.field(default_factory=dict)

    def serves(self, kind: str) -> bool:
        """Whether a search for images (`"convolutional"`) or texts can have it."""
        return getattr(self, kind) is not None

    def settings_for(self, kind: str) -> dict[str, Any]:
        """Returns all settings of a search for images or texts."""
        return {**self.settings, **getattr(self, kind)}
