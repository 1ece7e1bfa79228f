"""Weights of a language model under the names of the authors' PyTorch code.

All have the same layout there. `rnns.0._Ws.3` is the kernel of node 4.
"""

from collections.abc import Mapping

import keras
import numpy as np

from darts_tf.errors import UserError
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.recurrent import EvaluationCell, LanguageModel
from darts_tf.weights.convolutional_weights import check_tensors

_EMBEDDING, _TIED_DECODER = "encoder.weight", "decoder.weight"


def is_language_model(tensors: Mapping[str, np.ndarray]) -> bool:
    """Says whether published weights, arrays by name, are those of a language model."""
    return _EMBEDDING in tensors


def published_variables(model: LanguageModel) -> dict[str, keras.Variable]:
    """Returns the variables of a language model by published name.

    The decoder, which is the embedding again, is left out.

    Args:
        model: Built `LanguageModel`.
    """
    return {
        _EMBEDDING: model.embedding,
        "decoder.bias": model.decoder_bias,
        "rnns.0._W0": model.cell.input_kernel,
        **{
            f"rnns.0._Ws.{index}": kernel
            for index, kernel in enumerate(model.cell.node_kernels)
        },
    }


def language_model_for(
    tensors: Mapping[str, np.ndarray],
    genotype: RecurrentGenotype,
    dtype: str | keras.DTypePolicy | None = None,
) -> LanguageModel:
    """Makes the language model to which published weights belong, with these weights.

    Args:
        tensors: Dictionary of arrays by published name.
        genotype: The `RecurrentGenotype` whose cell the weights are of.
        dtype: Data type or policy of the model.

    Returns:
        The `LanguageModel`.

    Raises:
        UserError: If they are not weights of this genotype's model; each tensor has to
            have its place.
    """
    tensors = dict(tensors)
    embedding = tensors[_EMBEDDING]
    decoder = tensors.pop(_TIED_DECODER, embedding)
    if embedding.ndim != 2 or not np.array_equal(decoder, embedding):
        raise UserError(
            f"Expected a matrix {_EMBEDDING} that is {_TIED_DECODER} too. Received "
            f"shapes: {embedding.shape}, {decoder.shape}."
        )
    vocabulary_size, units = embedding.shape
    check_tensors(tensors, _shapes(vocabulary_size, units, len(genotype.nodes)))
    try:
        cell = EvaluationCell(units, genotype, dtype=dtype)
        model = LanguageModel(vocabulary_size, cell, dtype=dtype)
    except ValueError as error:
        raise UserError(str(error)) from error
    model.build()
    for name, variable in published_variables(model).items():
        variable.assign(tensors[name])
    return model


def _shapes(vocabulary_size, units, num_nodes):
    """Returns the shapes of the `published_variables` of a model that is not built."""
    return {
        _EMBEDDING: (vocabulary_size, units),
        "decoder.bias": (vocabulary_size,),
        "rnns.0._W0": (2 * units, 2 * units),
        **{f"rnns.0._Ws.{index}": (units, 2 * units) for index in range(num_nodes)},
    }
