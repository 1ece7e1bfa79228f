"""Genotypes all of whose primitives or activations are registered."""

from darts_tf.convolutional.primitives import get_primitive
from darts_tf.errors import UserError
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.recurrent.activations import get_activation


def load_genotype(text):
    """Finds a genotype by what a user types, all of whose primitives are registered.

    Args:
        text: See `Genotype.from_name_or_file`.

    Raises:
        UserError: If there is no such genotype, or a primitive is unknown.
    """
    genotype = Genotype.from_name_or_file(text)
    nodes = [*genotype.normal.nodes, *genotype.reduce.nodes]
    edges = [edge for node in nodes for edge in node]
    _check_registered(text, edges, get_primitive, "primitive_modules")
    return genotype


def load_recurrent_genotype(text):
    """Finds a recurrent genotype by what a user types.

    Args:
        text: See `RecurrentGenotype.from_name_or_file`.

    Raises:
        UserError: If there is no such genotype, or an activation is unknown.
    """
    genotype = RecurrentGenotype.from_name_or_file(text)
    _check_registered(text, genotype.nodes, get_activation, "activation_modules")
    return genotype


def _check_registered(text, edges, get, setting):
    for edge in edges:
        try:
            get(edge.primitive)
        except ValueError as error:
            raise UserError(
                f"`genotype`={text}: {error} Where it is one of your own, import its "
                f"module with `{setting}`."
            ) from error
