"""Settings of searches, convolutional and recurrent."""

from collections import Counter
from collections.abc import Callable, Sequence

from darts_tf.errors import UserError
from darts_tf.experiments.methods.settings import MethodSettings
from darts_tf.limits import MAX_NODES
from darts_tf.runs.run_settings import PrecisionSettings
from darts_tf.settings import setting
from darts_tf.space.topology import NONE


class SearchSettings(MethodSettings, PrecisionSettings):
    """Settings of searches (paper, section 2.3)."""

    order: str = setting(
        "second",
        "Gradient of the architecture (paper, section 2.3): at the weights as they "
        "are, or at the weights after one step. docs/searching.md says what each "
        "takes.",
        group="Method",
        choices=("first", "second"),
    )
    hessian: str = setting(
        "exact",
        "Mixed derivative of the second order: exactly, by nested gradient tapes or "
        "dual numbers, or by the paper's finite difference (equation 8), which "
        "for images takes about a tenth less time.",
        group="Method",
        choices=("exact", "finite_difference"),
    )
    eigenvalue: str = setting(
        "auto",
        "Largest eigenvalue of the Hessian of the validation loss in alpha, which "
        "rises where a search collapses. log: after each epoch; auto: so seldom that "
        "it takes at most a twentieth of the passes over batches; stop: after every "
        "second epoch, and the search ends where RobustDARTS ends it; off: never.",
        group="Method",
        choices=("auto", "off", "log", "stop"),
        added=True,
    )
    nodes: int = setting(
        4,
        "Intermediate nodes of a cell (paper: 4).",
        group="Network",
        least=1,
        most=MAX_NODES,
    )
    arch_learning_rate: float = setting(
        3e-4,
        "Learning rate of alpha (Adam).",
        group="Optimization",
        least=0.0,
    )
    arch_weight_decay: float = setting(
        1e-3,
        "Weight decay of alpha, added to its gradient.",
        group="Optimization",
        least=0.0,
    )
    recompute: bool = setting(
        False,
        "Whether the gradient computes the mixed operations again instead of keeping "
        "what they computed: half of the memory, for a quarter more time.",
        group="Computation",
    )


def check_operations(
    setting: str, names: Sequence[str], is_zero: Callable[[str], bool]
) -> None:
    """Refuses operations of which no search can be made.

    Args:
        setting: Name of the setting that lists them.
        names: Names of the operations on each edge.
        is_zero: Function of a name that says whether the operation gives zeros, and
            raises a `ValueError` where there is no such operation.

    Raises:
        UserError: If an operation is not registered or stands there twice, or all give
            zeros.
    """
    try:
        useful = [name for name in names if not is_zero(name)]
    except ValueError as error:
        raise UserError(f"`{setting}`: {error}") from error
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise UserError(f"`{setting}` names {', '.join(twice)} twice.")
    if not useful:
        raise UserError(f"`{setting}` needs at least one that is not `{NONE}`.")
