"""The language model round a recurrent cell (paper, section 3.1.2)."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.autodiff.dual_operations import scaled, stop_gradient
from darts_tf.autodiff.recomputed import Recomputed
from darts_tf.autodiff.traced import traced
from darts_tf.errors import invalid_value
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.limits import MAX_WORDS, check_size
from darts_tf.method.architecture import Architecture, Coefficients
from darts_tf.method.methods import SearchMethod
from darts_tf.recurrent.cell import (
    PACKAGE,
    RecurrentCell,
    initial_weights,
    read_weight,
)
from darts_tf.recurrent.decoder import Decoder, decode
from darts_tf.recurrent.dropout import DropoutRates, draw_masks
from darts_tf.recurrent.language_network import LanguageNetwork
from darts_tf.recurrent.language_output import LanguageModelOutput
from darts_tf.recurrent.sequences import embed, over_time, state_after
from darts_tf.space.search_space import SearchSpace


@keras.saving.register_keras_serializable(PACKAGE)
class LanguageModel(LanguageNetwork):
    """Embedding, recurrent cell over time, and decoder with the embedding's weights.

    With a `SearchCell` it is the network of a search, with an `EvaluationCell` one of a
    derived cell. Weights w and architecture parameters alpha are disjoint and together
    all its trainable variables.

    Args:
        vocabulary_size: Number of words.
        cell: `RecurrentCell`; its units are the size of the embedding as well.
        dropout: `DropoutRates`, or a dictionary of its fields.
        seed: Integer of the masks that the model draws itself.
        recompute: Whether the backward pass computes the cell, and the logits of given
            targets, again, rather than keeping what it needs of them: less memory for
            more time.

    Call arguments:
        inputs: Tokens, integers of shape `(batch, time)`, or a dictionary of them
            (`tokens`), of the hidden state before the first word (`state`, shape
            `(batch, units)`, zeros by default), of dropout masks (`masks`, see
            `draw_masks`; in training the model draws new ones by default), of the
            number of words (`length`, a scalar, where padding follows them; the
            state is then the one after the last of them), and of the words that come
            next (`targets`, integers like the tokens; their losses are then computed
            a few words at a time, so that all logits never exist at once).
        training: Whether the masks are applied.
        constant_weights: Whether gradients stop at the weights, so that those in alpha
            cost less.
        coefficients: What `coefficients` returns, by default for the values of alpha.

    Output: `LanguageModelOutput`.

    Example:

    ```python
    model = LanguageModel(10_000, SearchCell(32))
    tokens = tf.zeros([8, 35], tf.int32)  # (batch, time)
    output = model(tokens)  # Its logits are of shape (batch, time, words).
    output = model({"tokens": tokens, "state": output.state})
    ```
    """

    takes_duals = True

    def __init__(
        self,
        vocabulary_size: int,
        cell: RecurrentCell,
        dropout: DropoutRates | Mapping | None = None,
        seed: int | None = None,
        recompute: bool = False,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        check_size("vocabulary_size", vocabulary_size, 2, MAX_WORDS)
        if not isinstance(cell, RecurrentCell):
            raise invalid_value("cell", "a `RecurrentCell`", cell)
        if cell.compute_dtype != self.compute_dtype:
            expected = f"one that computes in {self.compute_dtype}, as the model does"
            raise invalid_value("cell", expected, cell.compute_dtype)
        if not isinstance(dropout, DropoutRates):
            dropout = DropoutRates(**(dropout or {}))
        self.vocabulary_size = vocabulary_size
        self.cell = cell
        self.dropout = dropout
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.recompute = recompute
        self._cell_step = (
            Recomputed(self._step, jit_compile=False)
            if recompute
            else traced(self._step)
        )
        self._decoder = Decoder(recompute)

    def build(self, input_shape=None):
        units = self.cell.units
        self.embedding = self.add_weight(
            shape=(self.vocabulary_size, units),
            initializer=initial_weights(),
            autocast=False,
            name="embedding",
        )
        self.decoder_bias = self.add_weight(
            shape=(self.vocabulary_size,),
            initializer="zeros",
            autocast=False,
            name="decoder_bias",
        )
        if not self.cell.built:
            self.cell.build((None, units))
        self.built = True

    def call(self, inputs, training=False, constant_weights=False, coefficients=None):
        if not isinstance(inputs, dict):
            inputs = {"tokens": inputs}
        tokens, state = inputs["tokens"], inputs.get("state")
        batch_size = tf.shape(tokens)[0]
        if state is None:
            (state,) = self.cell.get_initial_state(batch_size)
        masks = inputs.get("masks") if training else {}
        if masks is None:
            masks = self.draw_masks(batch_size, self.seed_generator.next())
        embedding, bias = (
            read_weight(variable, constant_weights)
            for variable in (self.embedding, self.decoder_bias)
        )
        embedded = embed(embedding, tokens, masks, self.compute_dtype)
        mixture = self.cell.mixture(coefficients)
        hidden = self._over_time(embedded, state, masks, mixture, constant_weights)
        last_state = state_after(hidden, inputs.get("length"))
        outputs = scaled(hidden, masks.get("outputs"))
        if "targets" not in inputs:
            logits = decode(outputs, embedding, bias)
            return LanguageModelOutput(logits, last_state, hidden)
        losses = self._decoder.losses(
            outputs, embedding, bias, inputs["targets"], constant_weights
        )
        return LanguageModelOutput(None, last_state, hidden, losses)

    def _over_time(self, embedded, state, masks, mixture, constant_weights):
        """Returns the hidden states, shape `(batch, time, units)`."""
        # Where something moves, the state does, from the first word on.
        moving = dual.all_or_none([embedded, state, *mixture.get("coefficients", ())])
        embedded, state = moving[:2]
        masks = {name: masks.get(name) for name in ("inputs", "hidden")}
        weights = self.cell.read_weights(constant_weights)

        def step(state, inputs):
            fixed, moving = {}, {"inputs": inputs, **weights}
            if constant_weights:
                fixed, moving = moving, fixed
            return self._cell_step((masks, fixed), (state, {**moving, **mixture}))

        # The words are a loop in the graph, because a call for each of them takes
        # seconds to prepare.
        return over_time(step, embedded, state)

    def _step(self, constants, arguments):
        """The cell's step, of all that has no gradient and of all that may have one."""
        masks, fixed = stop_gradient(constants)
        state, moving = arguments
        parameters = {**fixed, **moving}
        inputs = parameters.pop("inputs")
        return self.cell.step(
            inputs, state, parameters, masks["inputs"], masks["hidden"]
        )

    @property
    def state_size(self) -> int:
        """Units of the cell."""
        return self.cell.units

    def draw_masks(
        self, batch_size: tf.Tensor | int, seed: tf.Tensor
    ) -> dict[str, tf.Tensor]:
        """Draws the dropout masks of a batch.

        Args:
            batch_size: Integer.
            seed: Integer tensor of shape `(2,)`.

        Returns:
            Dictionary for the call argument `inputs["masks"]`, see `dropout`.
        """
        return draw_masks(
            self.dropout,
            seed,
            batch_size,
            self.cell.units,
            self.vocabulary_size,
            self.compute_dtype,
        )

    @property
    def alphas(self) -> list[keras.Variable]:
        """Architecture parameters, those of the cell."""
        return self.cell.alphas

    @property
    def space(self) -> SearchSpace:
        """The `SearchSpace` of the cell, a `SearchCell`; it has that of the alphas."""
        return self.cell.space

    @property
    def method(self) -> SearchMethod:
        """The `SearchMethod` of the cell, a `SearchCell`."""
        return self.cell.method

    @property
    def architecture(self) -> Architecture:
        """The `Architecture` of the cell, a `SearchCell`."""
        return self.cell.architecture

    def coefficients(
        self, values: Sequence[tf.Tensor] | None = None, drawn: Any = None
    ) -> Coefficients:
        """Returns what alpha stands for, see `Architecture.coefficients`."""
        return self.cell.coefficients(values, drawn)

    def genotype(self) -> SavedGenotype:
        """Derives the discrete cell (paper, section 2.4)."""
        return self.cell.genotype()

    @property
    def weights_w(self) -> list[keras.Variable]:
        """All trainable variables but the architecture parameters."""
        alphas = {id(alpha) for alpha in self.alphas}
        return [v for v in self.trainable_variables if id(v) not in alphas]

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "cell": keras.saving.serialize_keras_object(self.cell),
            "dropout": dataclasses.asdict(self.dropout),
            "seed": self.seed,
            "recompute": self.recompute,
        }

    @classmethod
    def from_config(cls, config):
        cell = keras.saving.deserialize_keras_object(config.pop("cell"))
        return cls(cell=cell, **config)
