"""Genotypes all of whose primitives or activations are registered."""

from typing import TypeVar

from darts_tf.convolutional.primitives import get_primitive
from darts_tf.errors import UserError
from darts_tf.genotype.cells_genotype import ImageGenotype
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.recurrent.activations import get_activation

_Genotype = TypeVar("_Genotype", bound=SavedGenotype)

# Function that looks a name up, and setting of the modules that register more names, by
# the class of the genotype.
_REGISTRIES = {
    Genotype: (get_primitive, "primitive_modules"),
    ImageGenotype: (get_primitive, "primitive_modules"),
    RecurrentGenotype: (get_activation, "activation_modules"),
}


def load_genotype(
    kind: type[_Genotype], text: str, epoch: int | None = None
) -> _Genotype:
    """Finds a genotype by what a user types, all of whose operations are registered.

    Args:
        kind: `Genotype`, `ImageGenotype` or `RecurrentGenotype`.
        text, epoch: See `SavedGenotype.from_name_or_file`.

    Returns:
        The genotype.

    Raises:
        UserError: If there is no such genotype, or one of its names is unknown.
    """
    genotype = kind.from_name_or_file(text, epoch)
    get, setting = _REGISTRIES[kind]
    for name in sorted(genotype.primitives):
        try:
            get(name)
        except ValueError as error:
            raise UserError(
                f"`genotype`={text}: {error} Where it is one of your own, import its "
                f"module with `{setting}`."
            ) from error
    return genotype
