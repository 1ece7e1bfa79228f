"""Settings of the training of a language model, with the paper's as defaults."""

import dataclasses

from darts_tf.recurrent import DropoutRates


@dataclasses.dataclass(frozen=True)
class LanguageConfig:
    """Settings of a training; defaults are the paper's for the Penn Treebank.

    Attributes:
        genotype: Published name, genotype file or folder of a recurrent search.
        activation_modules: Python modules to import first, that register activations.
        dataset: "ptb", "wikitext2", "python_reference", or a folder with three texts.
        data_dir: Folder with the texts of "ptb" or "wikitext2", or `None`.
        vocabulary_size: Largest number of words, or `None` for all.
        weights: Run folder, `.keras` file or PyTorch checkpoint that is evaluated, or
            `None`.
        seed: Fixes initial weights, lengths of sequences and dropout.
        deterministic: Whether TensorFlow may only use operations that give the same
            bits again; needed on a GPU.
        epochs: Number of epochs. The best weights are kept, so a run can be stopped.
        steps_per_epoch: Most steps of an epoch, or `None` for the whole text.
        batch_size: Streams of the training text that are read side by side, on all
            devices together.
        valid_batch_size, test_batch_size: The same for the other texts.
        hidden_size: Size of the embedding and the hidden states.
        sequence_length: Mean number of words of a step, and that of an evaluation.
        dropout_words, dropout_embedded, dropout_inputs, dropout_hidden,
            dropout_outputs: See `DropoutRates`.
        learning_rate: For `sequence_length` words; for others in proportion.
        weight_decay: Of the gradient descent.
        gradient_clip: Largest norm of the gradient.
        slowness: Weight of the penalty on fast changes of the hidden state.
        averaging_patience: Averaging of the weights begins when the validation has
            not improved for so many epochs.
        tensor_float_32, strategy, devices, logical_devices, worker_timeout: See
            `SearchConfig`.
        intra_op_threads: Threads of one operation, 0 for one for each core.
        inter_op_threads: Operations at a time, 0 for one for each core.
        profile: Whether some steps are profiled.
    """

    genotype: str = "DARTS_V2"
    activation_modules: tuple[str, ...] = ()
    dataset: str = "ptb"
    data_dir: str | None = None
    vocabulary_size: int | None = None
    weights: str | None = None
    seed: int = 1267
    deterministic: bool = False
    epochs: int = 8000
    steps_per_epoch: int | None = None
    batch_size: int = 64
    valid_batch_size: int = 10
    test_batch_size: int = 1
    hidden_size: int = 850
    sequence_length: int = 35
    dropout_words: float = 0.1
    dropout_embedded: float = 0.2
    dropout_inputs: float = 0.75
    dropout_hidden: float = 0.25
    dropout_outputs: float = 0.75
    learning_rate: float = 20.0
    weight_decay: float = 8e-7
    gradient_clip: float = 0.25
    slowness: float = 1e-3
    averaging_patience: int = 5
    tensor_float_32: bool = False
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


PTB = LanguageConfig()
WIKITEXT2 = LanguageConfig(
    dataset="wikitext2", hidden_size=700, dropout_hidden=0.15, weight_decay=5e-7
)
