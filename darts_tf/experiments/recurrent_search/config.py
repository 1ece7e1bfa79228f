"""Settings of a recurrent search, with the paper's values as defaults."""

import dataclasses

from darts_tf.errors import UserError
from darts_tf.plugins import import_modules
from darts_tf.recurrent import DARTS_ACTIVATIONS, DropoutRates
from darts_tf.recurrent.activations import get_activation
from darts_tf.space.topology import NONE


@dataclasses.dataclass(frozen=True)
class RecurrentSearchConfig:
    """Settings of a recurrent search (paper, section 3.1.2 and appendix A.1.2).

    Attributes:
        order: "first" or "second".
        hessian: "exact" or "finite_difference", for the second order.
        dataset: "ptb", "wikitext2", "python_reference", or a folder with three texts.
        data_dir: Folder with the texts of "ptb" or "wikitext2", or `None`.
        vocabulary_size: Largest number of words, or `None` for all.
        seed: Fixes initial weights, lengths of steps and dropout masks.
        deterministic: Whether TensorFlow may only use operations that give the same
            bits again; needed on a GPU.
        epochs: Number of epochs.
        steps_per_epoch: Largest number of steps of an epoch, or `None` for one pass
            over the training text.
        batch_size: Streams of the training and of the validation text in a step, on
            all devices together.
        valid_batch_size: Streams of the validation text after an epoch.
        sequence_length: Words of a step; some steps have half of them.
        hidden_size: Size of the embedding and of the hidden states.
        nodes: Nodes of the cell after the first state.
        activations: Names of registered activations.
        activation_modules: Python modules to import first, that register activations.
        dropout_words, dropout_embedded, dropout_inputs, dropout_hidden,
            dropout_outputs: See `DropoutRates`.
        recompute: Whether the backward pass computes the cell again, which takes less
            memory and more time.
        precision: "float32", "mixed_float16" or "mixed_bfloat16"; alpha, its softmax
            and w are in float32 in any case.
        tensor_float_32: See `SearchConfig`.
        slowness: Weight of the penalty on fast changes of the hidden state.
        learning_rate: Of w, for a step of `sequence_length` words; in proportion for
            shorter ones.
        weight_decay: Of w.
        gradient_clip: Largest norm of the gradient of w.
        arch_learning_rate, arch_weight_decay: Of alpha.
        strategy, devices, logical_devices, worker_timeout: See `SearchConfig`.
        intra_op_threads: Threads of one operation, 0 for one for each core.
        inter_op_threads: Operations at a time, 0 for one for each core.
        profile: Whether some steps are profiled.
    """

    order: str = "second"
    hessian: str = "exact"
    dataset: str = "ptb"
    data_dir: str | None = None
    vocabulary_size: int | None = None
    seed: int = 3
    deterministic: bool = False
    epochs: int = 50
    steps_per_epoch: int | None = None
    batch_size: int = 256
    valid_batch_size: int = 10
    sequence_length: int = 35
    hidden_size: int = 300
    nodes: int = 8
    activations: tuple[str, ...] = DARTS_ACTIVATIONS
    activation_modules: tuple[str, ...] = ()
    dropout_words: float = 0.0
    dropout_embedded: float = 0.2
    dropout_inputs: float = 0.75
    dropout_hidden: float = 0.25
    dropout_outputs: float = 0.75
    recompute: bool = False
    precision: str = "float32"
    tensor_float_32: bool = False
    slowness: float = 1e-3
    learning_rate: float = 20.0
    weight_decay: float = 5e-7
    gradient_clip: float = 0.25
    arch_learning_rate: float = 3e-3
    arch_weight_decay: float = 1e-3
    strategy: str = "auto"
    devices: tuple[str, ...] = ()
    logical_devices: int | None = None
    worker_timeout: int = 900
    intra_op_threads: int = 0
    inter_op_threads: int = 0
    profile: bool = False

    @property
    def dropout(self):
        """The `DropoutRates`."""
        return DropoutRates.of_settings(self)

    def check_activations(self):
        """Imports the modules that register activations, and looks all names up.

        Raises:
            UserError: If a module or an activation is missing, or named twice.
        """
        import_modules("activation_modules", self.activation_modules)
        functions = [name for name in self.activations if name != NONE]
        try:
            for name in functions:
                get_activation(name)
        except ValueError as error:
            raise UserError(f"--activations: {error}") from error
        if len(set(self.activations)) < len(self.activations):
            raise UserError("--activations names an activation twice.")
        if not functions:
            raise UserError("--activations needs at least one that is not `none`.")
