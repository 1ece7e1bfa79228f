"""Settings of a recurrent search, with the paper's values as defaults."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from darts_tf.experiments.methods.defaults import method_help
from darts_tf.experiments.search_settings import SearchSettings, check_operations
from darts_tf.experiments.text_settings import TextSettings
from darts_tf.limits import MAX_RECURRENT_NODES
from darts_tf.plugins import import_modules
from darts_tf.recurrent import DARTS_ACTIVATIONS
from darts_tf.recurrent.activations import get_activation
from darts_tf.settings import changed, setting
from darts_tf.space.search_space import recurrent_space
from darts_tf.space.topology import NONE


class RecurrentSearchConfig(TextSettings, SearchSettings):
    """Settings of a recurrent search (paper, section 3.1.2 and appendix A.1.2)."""

    search_kind: ClassVar = "recurrent"

    method: str = changed(SearchSettings, "method", help=method_help("recurrent"))

    sequence_length: int = changed(
        TextSettings,
        "sequence_length",
        help="Words of a step; one step in 20 has half of them.",
    )
    nodes: int = changed(
        SearchSettings,
        "nodes",
        default=8,
        help="Nodes of the cell after the first state (paper: 8).",
        most=MAX_RECURRENT_NODES,
    )
    activations: tuple[str, ...] = setting(
        DARTS_ACTIVATIONS, "Activations on each edge, by name.", group="Network"
    )
    batch_size: int = changed(TextSettings, "batch_size", default=256)
    arch_learning_rate: float = changed(
        SearchSettings, "arch_learning_rate", default=3e-3
    )
    arch_beta_1: float = changed(SearchSettings, "arch_beta_1", default=0.9)
    seed: int = changed(TextSettings, "seed", default=3)
    recompute: bool = changed(
        SearchSettings,
        "recompute",
        help="Whether the backward pass computes the cell again instead of keeping "
        "what it computed: less memory, more time.",
    )

    def check_activations(self) -> None:
        """Imports the modules that register activations, and looks all names up.

        Raises:
            UserError: If a module or an activation is missing, or named twice.
        """
        check_activations(self.activations, self.activation_modules)
        space = recurrent_space(self.activations, self.nodes)
        self.check_decisions("activations", space)


def check_activations(names: Sequence[str], modules: Iterable[str]) -> None:
    """Imports modules that register activations, and looks names up.

    Args:
        names: The activations on each edge.
        modules: The modules.

    Raises:
        UserError: If a module or an activation is missing, or named twice.
    """
    import_modules("activation_modules", modules)
    check_operations("activations", names, _is_zero)


def _is_zero(name: str) -> bool:
    # `none` is no activation that could be looked up: its edge is left out.
    return name == NONE or not get_activation(name)
