"""A search that several tests share, since its functions take seconds to trace."""

import contextlib
from collections.abc import Callable, Iterator

from darts_tf.method.search.architecture_search import ArchitectureSearch


@contextlib.contextmanager
def restored(model: ArchitectureSearch) -> Iterator[ArchitectureSearch]:
    """Lends a compiled search, and then brings back the values that it had.

    Those of all variables, which a test may move, and the first epoch; not the
    attributes.
    """
    held = {id(v): v for v in (*model.variables, *model.state_variables)}.values()
    values = [variable.numpy() for variable in held]
    yield model
    for variable, value in zip(held, values, strict=True):
        variable.assign(value)
    model.begin_epoch(0)


@contextlib.contextmanager
def lender(
    made: Callable[..., ArchitectureSearch],
) -> Iterator[Callable[..., ArchitectureSearch]]:
    """Gives a function as `made`, whose searches are `restored` in the end."""
    with contextlib.ExitStack() as stack:
        yield lambda *method: stack.enter_context(restored(made(*method)))
